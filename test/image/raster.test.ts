import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Raster, type RasterInput, channelsName, checkRaster, rasterOf } from '#pixrnn/image/raster.js';
import type { Channels, Depth } from '#pixrnn/samples.js';
import { KINDS, randomRaster } from './reference-png.js';

test('accepts every kind of raster that PNG has, and no other', () => {
  const kinds = new Set(KINDS.map((kind) => JSON.stringify(kind)));
  for (const channels of [1, 2, 3, 4, 5] as Channels[]) {
    for (const depth of [1, 2, 4, 8, 16, 12] as Depth[]) {
      for (const indexed of [false, true]) {
        const samples = depth === 16 ? new Uint16Array(4 * channels) : new Uint8Array(4 * channels);
        const check = (): void => checkRaster({ width: 2, height: 2, channels, depth, indexed, samples });
        if (kinds.has(JSON.stringify({ channels, depth, indexed }))) check();
        else assert.throws(check, { code: 'usage', message: /Pass 1 to 4 channels of 8 or 16 bits/ });
      }
    }
  }
});

test('rejects samples that do not fit the shape', () => {
  const raster = randomRaster(3, 2, { channels: 1, depth: 4, indexed: false });
  const refused = (change: Partial<Raster>, message: RegExp): void =>
    assert.throws(() => checkRaster({ ...raster, ...change }), { name: 'PixrnnError', code: 'usage', message });
  checkRaster(raster);
  refused({ width: 4 }, /4 x 2 gray of 4 bits with 6 samples\. /);
  refused({ height: 0 }, /3 x 0/);
  refused({ width: 1.5, height: 4 }, /1.5 x 4/);
  refused(
    { samples: new Uint16Array(6) },
    /4-bit samples must not be given as Uint16Array\. Pass Uint8Array or Uint8ClampedArray/,
  );
  refused({ depth: 16 }, /16-bit samples must not be given as Uint8Array\. Pass Uint16Array/);
  refused({ samples: Uint8Array.of(0, 1, 2, 3, 4, 16) }, /a sample of 16/);
});

test('accepts samples only in arrays that hold them exactly', () => {
  const shape = { width: 3, height: 2, channels: 1, indexed: false } as const;
  const clamped = new Uint8ClampedArray(Uint8Array.of(9, 0, 1, 2, 3, 4, 5).buffer, 1);
  for (const depth of [1, 2, 4, 8] as const) {
    const { samples } = rasterOf({ ...shape, depth, samples: clamped });
    assert.ok(samples instanceof Uint8Array);
    assert.deepEqual([...samples], [0, 1, 2, 3, 4, 5]);
    assert.equal(samples.buffer, clamped.buffer, 'nothing is copied');
    assert.equal(rasterOf({ ...shape, depth, samples: Buffer.alloc(6) }).samples.length, 6);
  }
  const deep = new Uint16Array(6);
  assert.equal(rasterOf({ ...shape, depth: 16, samples: deep }).samples, deep);
  for (const [depth, samples] of [
    [8, new Float32Array(6)],
    [8, new Int8Array(6)],
    [8, new Uint16Array(6)],
    [8, [0, 0, 0, 0, 0, 0]],
    [8, { length: 6 }],
    [8, undefined],
    [8, null],
    [16, new Uint8Array(6)],
    [16, clamped],
    [16, new Int16Array(6)],
    [16, new Float64Array(6)],
  ] as const) {
    const given = { ...shape, depth, samples } as unknown as RasterInput;
    const message = depth === 16 ? /Pass Uint16Array\.$/ : /Pass Uint8Array or Uint8ClampedArray\.$/;
    assert.throws(() => rasterOf(given), { name: 'PixrnnError', code: 'usage', message });
    assert.throws(() => checkRaster(given as Raster), { name: 'PixrnnError', code: 'usage' });
  }
});

test('names every kind', () => {
  assert.deepEqual(
    ([1, 2, 3, 4] as const).map((channels) => channelsName(channels)),
    ['gray', 'gray + alpha', 'RGB', 'RGBA'],
  );
  assert.equal(channelsName(1, true), 'palette');
});
