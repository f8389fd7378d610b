import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readImage } from '#pixrnn/image/read-image.js';
import { writePng } from '#pixrnn/image/write-png.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { adaptivePng, findPeers, measurePeers } from '#pixrnn/report/peers.js';
import { blobs, cutout, flat, noise } from '../../fixtures/draw.js';

test('the compared PNG has exactly the same samples', async () => {
  for (const channels of [1, 2, 3, 4] as const) {
    for (const depth of [8, 16] as const) {
      const size = { width: 31, height: 23, channels, depth };
      const raster: Raster = channels % 2 === 0 ? cutout(size) : blobs(size);
      assert.deepEqual(
        (await readImage(await adaptivePng(raster))).raster,
        raster,
        `${channels} channels of ${depth} bits`,
      );
    }
  }
});

test('gives codecs only images that they support', async (context) => {
  const { peers, missing } = await findPeers();
  assert.equal(peers[0]?.name, 'PNG');
  context.diagnostic(`compared with ${peers.map(({ name }) => name).join(', ')}`);
  assert.deepEqual([...peers, ...missing].map(({ name }) => name).sort(), ['JPEG XL', 'PNG', 'WebP']);
  const sizes = async (raster: Raster) =>
    new Map((await measurePeers(raster, [], peers)).map(({ name, bytes }) => [name, bytes]));
  const simple = await sizes(flat({ width: 64, height: 64 }));
  for (const [name, bytes] of simple) assert.ok(bytes !== null && bytes > 0 && bytes < 300, `${name}: ${bytes}`);
  const deep = await sizes(blobs({ width: 20, height: 20, depth: 16 }));
  assert.equal(deep.get('WebP') ?? null, null, 'WebP would lose half of each sample');
  assert.ok((deep.get('PNG') ?? 0) > 400);
  for (const raster of [flat({ width: 64, height: 64 }), noise({ width: 32, height: 32 })]) {
    const png = (await sizes(raster)).get('PNG')!;
    assert.equal(png, Math.min((await writePng(raster, [])).length, (await adaptivePng(raster)).length));
  }
});
