import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { containerOverhead, decodeContainer, encodeContainer } from '#pixrnn/codec/container.js';
import type { Effort } from '#pixrnn/engine/effort.js';
import { containers, MODEL_ID, sampleContainer, smallFile } from './samples.js';

const rgb = { width: 2, height: 2, channels: 3 as const, modelId: MODEL_ID, effort: 3 as const };

test('a container comes back as it was', () => {
  fc.assert(
    fc.property(containers, (container) => assert.deepEqual(decodeContainer(encodeContainer(container)), container)),
  );
});

test('a Buffer in a pool decodes to plain arrays', () => {
  const { container, bytes } = smallFile();
  assert.deepEqual(decodeContainer(Buffer.concat([bytes])), container);
});

test('the overhead is what is neither payload nor a metadata chunk', () => {
  fc.assert(
    fc.property(containers, (container) => {
      const bare = { ...container, metadata: [] };
      const payloads = container.tiles.reduce((sum, { payload }) => sum + payload.length, 0);
      assert.equal(containerOverhead(container), encodeContainer(bare).length - payloads);
    }),
  );
});

test('the overhead of a one-tile image is at most 40 bytes', () => {
  for (const [width, height] of [
    [1, 1],
    [768, 512],
    [1024, 1024],
    [127, 8256],
    [64, 16384],
    [1, 2 ** 20],
  ] as const) {
    for (const channels of [1, 3] as const) {
      for (const modelId of [MODEL_ID, null]) {
        const container = sampleContainer({ width, height, channels, modelId, effort: 3 });
        assert.equal(container.tiles.length, 1);
        const overhead = encodeContainer(container).length - container.tiles[0]!.payload.length;
        assert.ok(overhead <= 40, `${overhead} bytes for ${width}x${height}x${channels}`);
        assert.equal(containerOverhead(container), overhead);
      }
    }
  }
});

test('a megapixel with 3 MiB of payload takes exactly 40 more', () => {
  const container = sampleContainer({ width: 1024, height: 1024, channels: 3, modelId: MODEL_ID, effort: 3 });
  assert.equal(encodeContainer(container).length, 3 * 2 ** 20 + 40);
});

test('what no decoder would accept is not written', () => {
  const good = sampleContainer(rgb);
  const raw = sampleContainer({ ...rgb, modelId: null });
  const tile = good.tiles[0]!;
  const bad = [
    { ...good, header: { ...rgb, width: 0 } },
    { ...good, header: { ...rgb, height: 2 ** 31 } },
    { ...good, header: { ...rgb, modelId: new Uint8Array(7) } },
    { ...good, header: { ...rgb, modelId: null } },
    { ...good, header: { ...rgb, effort: 0 as Effort } },
    { ...raw, header: { ...raw.header, effort: 1 as const } },
    { ...good, digest: new Uint8Array(15) },
    { ...good, tiles: [] },
    { ...good, tiles: [tile, tile] },
    { ...good, tiles: [{ ...tile, samplesCrc: 1 }] },
    { ...good, tiles: [{ ...tile, payload: new Uint8Array(0) }] },
    { ...good, tiles: [{ ...tile, payload: new Uint8Array(13) }] },
    { ...good, tiles: [{ ...tile, representation: 'raw' as const, payload: new Uint8Array(11) }] },
  ];
  for (const container of bad) assert.throws(() => encodeContainer(container), RangeError);
});
