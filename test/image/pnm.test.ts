import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readChunks } from '#pixrnn/image/png-chunks.js';
import { unpackMetadata } from '#pixrnn/image/png-metadata.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { writeImage } from '#pixrnn/node/image/write-image.js';
import { KINDS, randomRaster } from './reference-png.js';

const file = (text: string, ...bytes: number[]): Buffer =>
  Buffer.concat([Buffer.from(text, 'latin1'), Buffer.from(bytes)]);
const unreadable = (message: RegExp): object => ({ name: 'PixrnnError', code: 'input-unreadable', message });
const unsupported = (message: RegExp): object => ({ name: 'PixrnnError', code: 'input-unsupported', message });

/** Reads a file and writes it again. */
async function back(pnm: Buffer): Promise<Uint8Array> {
  const { raster, metadata } = await readImage(pnm);
  return writeImage(raster, metadata, 'pnm');
}

test('reads the samples of each kind of file', async () => {
  const cases: [Buffer, number, number, number[]][] = [
    [file('P1 3 2\n101\n0 1 0'), 1, 1, [0, 1, 0, 1, 0, 1]],
    [file('P4\n3 2\n', 0b10100000, 0b01000000), 1, 1, [0, 1, 0, 1, 0, 1]],
    [file('P2\n# two\n2 1 255\n7 200'), 1, 8, [7, 200]],
    [file('P2 2 1 3\n1 3'), 1, 2, [1, 3]],
    [file('P5 2 1 15\n', 1, 15), 1, 4, [1, 15]],
    [file('P5 2 1 65535\n', 1, 2, 3, 4), 1, 16, [258, 772]],
    [file('P3 1 1 255 1 2 3\n'), 3, 8, [1, 2, 3]],
    [file('P6\t1 1\n255\n', 10, 2, 3), 3, 8, [10, 2, 3]],
    [file('P7\nWIDTH 1\nHEIGHT 1\nDEPTH 2\nMAXVAL 255\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n', 9, 8), 2, 8, [9, 8]],
    [file('P7\nHEIGHT 1\nWIDTH 1\nDEPTH 4\nMAXVAL 65535\nENDHDR\n', 0, 1, 0, 2, 0, 3, 0, 4), 4, 16, [1, 2, 3, 4]],
    [file('P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 1\nTUPLTYPE BLACKANDWHITE\nENDHDR\n', 0, 1), 1, 1, [0, 1]],
  ];
  for (const [pnm, channels, depth, samples] of cases) {
    const { raster, source } = await readImage(pnm);
    assert.deepEqual(
      [raster.channels, raster.depth, Array.from(raster.samples)],
      [channels, depth, samples],
      pnm.toString(),
    );
    assert.equal(source.format, 'PNM');
  }
});

test('writes and reads samples of every kind exactly', async () => {
  for (const kind of KINDS.filter(({ indexed }) => !indexed)) {
    for (const [width, height] of [
      [1, 1],
      [9, 5],
      [16, 2],
    ] as const) {
      const raster = randomRaster(width, height, kind);
      const pnm = await writeImage(raster, [], 'pnm');
      assert.deepEqual((await readImage(pnm)).raster, raster);
      const { channels, depth } = kind;
      const begins = channels % 2 === 0 ? 'P7' : channels === 3 ? 'P6' : depth === 1 ? 'P4' : 'P5';
      assert.equal(Buffer.from(pnm).toString('latin1', 0, 2), begins);
    }
  }
});

test('restores a file with any maximum value byte for byte', async () => {
  const property = fc.asyncProperty(
    fc.constantFrom(1, 3),
    fc.oneof(fc.integer({ min: 1, max: 65535 }), fc.constantFrom(2, 7, 31, 100, 127, 254, 256, 1023, 4095, 65534)),
    fc.integer({ min: 1, max: 1e6 }),
    async (channels, highest, seed) => {
      fc.pre(channels === 3 || highest > 1); // written as PBM
      const { samples } = randomRaster(5, 4, { channels: channels, depth: 16, indexed: false }, seed);
      const values = Array.from(samples, (sample) => sample % (highest + 1));
      values[0] = highest;
      const bytes = values.flatMap((value) => (highest > 255 ? [value >> 8, value & 255] : [value]));
      const pnm = file(`P${channels === 1 ? 5 : 6}\n5 4\n${highest}\n`, ...bytes);
      assert.deepEqual(Buffer.from(await back(pnm)), pnm);
    },
  );
  await fc.assert(property, { numRuns: 300 });
});

test('keeps all values of an unusual scale distinct', async () => {
  for (const highest of [100, 254, 4095, 65534]) {
    const values = Array.from({ length: highest + 1 }, (_, i) => i);
    const bytes = values.flatMap((value) => (highest > 255 ? [value >> 8, value & 255] : [value]));
    const pnm = Buffer.concat([file(`P5\n1 ${highest + 1}\n${highest}\n`), Buffer.from(bytes)]);
    assert.deepEqual(Buffer.from(await back(pnm)), pnm);
    const { raster } = await readImage(pnm);
    assert.equal(new Set(raster.samples).size, highest + 1);
    assert.equal(raster.samples.at(-1), 2 ** raster.depth - 1, 'white is white');
  }
});

test('12 bits become 16 with sBIT, and a maximum value that sBIT cannot express is stored in a private chunk', async () => {
  const chunkOf = async (pnm: Buffer): Promise<unknown[]> => {
    const { raster, metadata } = await readImage(pnm);
    const { beforeImage } = await unpackMetadata(metadata[0]!);
    const written = readChunks(await writeImage(raster, metadata, 'png')).chunks;
    assert.equal(written[1]!.type, beforeImage[0]!.type);
    return [Array.from(raster.samples), beforeImage.map(({ type, data }) => [type, ...data])];
  };
  assert.deepEqual(await chunkOf(file('P2 3 1 4095 0 2048 4095')), [[0, 32776, 65535], [['sBIT', 12]]]);
  assert.deepEqual(await chunkOf(file('P3 1 1 31 0 16 31')), [[0, 132, 255], [['sBIT', 5, 5, 5]]]);
  assert.deepEqual(await chunkOf(file('P2 3 1 100 0 50 100')), [[0, 128, 255], [['pxMV', 0, 100]]]);
});

test('does not scale down samples that contradict their sBIT', async () => {
  const raster = { width: 2, height: 1, channels: 1, depth: 8, indexed: false, samples: Uint8Array.of(0, 77) } as const;
  const { metadata } = await readImage(file('P2 1 1 31 0'));
  const pnm = await writeImage(raster, metadata, 'pnm');
  assert.deepEqual(Buffer.from(pnm), file('P5\n2 1\n255\n', 0, 77));
});

test('keeps comments as text', async () => {
  const { metadata } = await readImage(file('P5 # first\n# second one\n1 1\n255\n', 3));
  const { beforeImage } = await unpackMetadata(metadata[0]!);
  assert.deepEqual(
    beforeImage.map(({ type, data }) => `${type} ${Buffer.from(data).toString('latin1')}`),
    ['tEXt Comment\0first\nsecond one'],
  );
});

test('reads the chosen one of several images', async () => {
  const several = file('P5 1 1 255\nAP6 1 1 255\nBCDP4 1 1\n', 0x80);
  await assert.rejects(readImage(several), unsupported(/PNM file with 3 images\. .*page/));
  assert.deepEqual((await readImage(several, { page: 2 })).raster.samples, Uint8Array.of(0x42, 0x43, 0x44));
  assert.equal((await readImage(several, { page: 3 })).source.pages, 3);
  await assert.rejects(readImage(several, { page: 4 }), unsupported(/no image 4: the last one is 3/));
});

test('rejects corrupt files and unsupported kinds', async () => {
  const cases: [Buffer, object][] = [
    [file('P5 2 2 255\n', 1, 2, 3), unreadable(/cut off: 1 byte is missing/)],
    [file('P5 1 1 255\n', 1, 2, 3), unreadable(/2 bytes follow the image/)],
    [file('P5 1 1 100\n', 101), unreadable(/a sample of 101, more than its maximum of 100/)],
    [file('P5 0 1 255\n'), unreadable(/0 x 1 pixels/)],
    [file('P5 1 1 0\n', 0), unreadable(/gives a maximum sample value of 0/)],
    [file('P5 1 1 65536\n', 0, 0), unreadable(/gives a maximum sample value of 65536/)],
    [file('P5 x 1 255\n'), unreadable(/width is not a number/)],
    [file('P5 99999999999 1 255\n'), unreadable(/width is too large/)],
    [file('P2 2 1 255\n1'), unreadable(/cut off: samples are missing/)],
    [file('P2 2 1 255\n1 x'), unreadable(/sample is not a number/)],
    [file('P2 2 1 255\n1 256'), unreadable(/sample is too large/)],
    [file('P2 1 1 255\n1 2 3'), unreadable(/3 bytes follow/)],
    [file('P1 2 1\n02'), unreadable(/neither 0 nor 1/)],
    [file('P7\nWIDTH 1\n'), unreadable(/header does not end/)],
    [file('P7\nWIDTH 1\nHEIGHT 1\nMAXVAL 1\nENDHDR\n'), unreadable(/no number for DEPTH/)],
    [
      file('P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE CMYK\nENDHDR\n', 1, 2, 3, 4),
      unsupported(/4 channels and tuple type "CMYK"/),
    ],
  ];
  for (const [pnm, error] of cases) await assert.rejects(readImage(pnm), error, pnm.toString('latin1'));
  await assert.rejects(readImage(file('P4 100000 100000\n')), unreadable(/cut off/));
  await assert.rejects(readImage(file('P5 3 2 255\n', 1, 2, 3, 4, 5, 6), { maxPixels: 5 }), { code: 'limit' });
});
