import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Raster, channelsName, checkRaster } from '#pixrnn/image/raster.js';
import type { Channels, Depth } from '#pixrnn/samples.js';
import { KINDS, randomRaster } from './reference-png.js';

test('every kind that PNG has is a raster, and no other', () => {
  const kinds = new Set(KINDS.map((kind) => JSON.stringify(kind)));
  for (const channels of [1, 2, 3, 4, 5] as Channels[]) {
    for (const depth of [1, 2, 4, 8, 16, 12] as Depth[]) {
      for (const indexed of [false, true]) {
        const samples = depth === 16 ? new Uint16Array(4 * channels) : new Uint8Array(4 * channels);
        const check = (): void => checkRaster({ width: 2, height: 2, channels, depth, indexed, samples });
        if (kinds.has(JSON.stringify({ channels, depth, indexed }))) check();
        else assert.throws(check, { code: 'usage', message: /Give 1 to 4 channels of 8 or 16 bits/ });
      }
    }
  }
});

test('samples that do not fit the shape are refused', () => {
  const raster = randomRaster(3, 2, { channels: 1, depth: 4, indexed: false });
  const refused = (change: Partial<Raster>, message: RegExp): void =>
    assert.throws(() => checkRaster({ ...raster, ...change }), { name: 'PixrnnError', code: 'usage', message });
  checkRaster(raster);
  refused({ width: 4 }, /4 x 2 gray of 4 bits with 6 samples in a Uint8Array/);
  refused({ height: 0 }, /3 x 0/);
  refused({ width: 1.5, height: 4 }, /1.5 x 4/);
  refused({ samples: new Uint16Array(6) }, /in a Uint16Array\. .* in a Uint8Array/);
  refused({ depth: 16 }, /in a Uint8Array\. .* in a Uint16Array/);
  refused({ samples: Uint8Array.of(0, 1, 2, 3, 4, 16) }, /a sample of 16/);
});

test('kinds have names', () => {
  assert.deepEqual(
    ([1, 2, 3, 4] as const).map((channels) => channelsName(channels)),
    ['gray', 'gray + alpha', 'RGB', 'RGBA'],
  );
  assert.equal(channelsName(1, true), 'palette');
});
