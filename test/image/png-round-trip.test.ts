import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { decodePngStream } from '#pixrnn/image/png-stream.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { writePng } from '#pixrnn/image/write-png.js';
import { rawSamplesWithPngjs } from './pngjs.js';
import { KINDS, filteredRows, randomRaster, referencePng } from './reference-png.js';

const name = (kind: (typeof KINDS)[number]): string =>
  `${kind.indexed ? 'palette' : `${kind.channels} channels`} of ${kind.depth} bits`;

test('reads and writes every kind of image exactly, interlaced or not, at odd sizes', async (context) => {
  for (const kind of KINDS) {
    await context.test(name(kind), async () => {
      for (const [width, height] of [
        [1, 1],
        [1, 9],
        [3, 2],
        [5, 5],
        [8, 8],
        [17, 11],
        [33, 3],
      ] as const) {
        for (const interlaced of [false, true]) {
          const raster = randomRaster(width, height, kind, width + height);
          const png = referencePng(raster, { interlaced, seed: width * height });
          const read = await readImage(png);
          assert.deepEqual(read.raster, raster);
          assert.equal(read.source.format, 'PNG');
          const written = await writePng(raster, read.metadata);
          assert.deepEqual(rawSamplesWithPngjs(written), raster.samples);
          assert.deepEqual((await readImage(written)).raster, raster);
        }
      }
    });
  }
});

test('restores smooth images, which use many filters, exactly', async () => {
  for (const kind of KINDS) {
    const raster = randomRaster(40, 30, kind);
    raster.samples.forEach((_, i) => (raster.samples[i] = Math.floor(((i % 40) * 2 ** kind.depth) / 40)));
    const { metadata } = await readImage(referencePng(raster));
    assert.deepEqual(rawSamplesWithPngjs(await writePng(raster, metadata)), raster.samples, name(kind));
  }
});

test('restores any raster with any filters, interlaced or not', async () => {
  const property = fc.asyncProperty(
    fc.constantFrom(...KINDS),
    fc.integer({ min: 1, max: 24 }),
    fc.integer({ min: 1, max: 24 }),
    fc.boolean(),
    fc.integer({ min: 1, max: 1e9 }),
    async (kind, width, height, interlaced, seed) => {
      const raster = randomRaster(width, height, kind, seed);
      const { raster: read, metadata } = await readImage(referencePng(raster, { interlaced, seed }));
      assert.deepEqual(read, raster);
      assert.deepEqual((await readImage(await writePng(read, metadata))).raster, raster);
    },
  );
  await fc.assert(property, { numRuns: 300 });
});

test("rejects a stream of any other length than the image's", () => {
  const unreadable = (message: RegExp): object => ({ name: 'PixrnnError', code: 'input-unreadable', message });
  for (const interlaced of [false, true]) {
    const { samples, ...shape } = randomRaster(9, 7, { channels: 3, depth: 16, indexed: false });
    const rows = filteredRows({ ...shape, samples }, { interlaced });
    const decode = (zlib: Uint8Array): unknown => decodePngStream({ ...shape, interlaced }, zlib);
    assert.deepEqual(decode(deflateSync(rows)), samples);
    assert.throws(() => decode(deflateSync(rows.subarray(1))), unreadable(/IDAT.* contains \d+ of the \d+ bytes/));
    assert.throws(() => decode(deflateSync(Buffer.concat([rows, Buffer.of(0)]))), unreadable(/IDAT.* more than/));
    assert.throws(() => decode(deflateSync(rows).subarray(0, -5)), unreadable(/IDAT.* ends too early/));
    assert.throws(
      () => decode(Buffer.concat([deflateSync(rows), Buffer.of(1, 2)])),
      unreadable(/IDAT.* 2 bytes follow/),
    );
    assert.throws(() => decode(Buffer.alloc(0)), unreadable(/IDAT.* its 0 bytes cannot contain/));
    const wrongSum = Buffer.from(deflateSync(rows));
    wrongSum[wrongSum.length - 1]! ^= 1;
    assert.throws(() => decode(wrongSum), unreadable(/IDAT.* cannot be inflated \(incorrect data check\)/));
    const wrongFilter = Buffer.from(rows);
    wrongFilter[0] = 5;
    assert.throws(() => decode(deflateSync(wrongFilter)), unreadable(/IDAT.* row 0 has the undefined filter 5/));
  }
});
