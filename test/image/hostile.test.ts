import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import sharp from 'sharp';
import { PixrnnError } from '#pixrnn/errors.js';
import { checkRaster } from '#pixrnn/image/raster.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { writeImage } from '#pixrnn/node/image/write-image.js';
import { blobs } from '../../fixtures/draw.js';
import { assemblePng, chunk } from '../../fixtures/png.js';
import { readChunks } from '#pixrnn/image/png-chunks.js';
import { randomRaster, referencePng } from './reference-png.js';

/** Returns a small file of each format. */
async function samples(): Promise<Map<string, Uint8Array>> {
  const { samples, width, height } = blobs({ width: 12, height: 9 });
  const image = sharp(samples, { raw: { width, height, channels: 3 } });
  const indexed = randomRaster(9, 9, { channels: 1, depth: 4, indexed: true });
  const deep = randomRaster(5, 4, { channels: 4, depth: 16, indexed: false });
  return new Map([
    ['GIF', await image.clone().gif().toBuffer()],
    ['WebP', await image.clone().webp({ lossless: true }).toBuffer()],
    ['TIFF', await image.clone().tiff({ compression: 'lzw' }).toBuffer()],
    ['own TIFF', await writeImage(deep, [], 'tiff')],
    ['JPEG', await image.clone().jpeg().toBuffer()],
    ['PPM', await writeImage(deep, [], 'pnm')],
    ['plain PPM', Buffer.from('P3 2 2 255\n1 2 3 4 5 6 7 8 9 10 11 12\n')],
    [
      'BMP',
      Buffer.concat([
        Buffer.from('424d00000000000000003e000000280000000900000004000000010001000000000000000000', 'hex'),
        Buffer.alloc(40),
      ]),
    ],
    ['PNG', referencePng(indexed, { interlaced: true })],
  ]);
}

test('reads or rejects a file with any changed bytes, and throws no other error', async (context) => {
  for (const [name, file] of await samples()) {
    await context.test(name, async () => {
      await readImage(file, { allowLossySource: true });
      const change = fc.tuple(fc.nat(file.length - 1), fc.nat(255));
      const property = fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.option(fc.nat(file.length), { freq: 5 }),
        async (changes, length) => {
          const damaged = Buffer.from(file);
          for (const [at, value] of changes) damaged[at] = value;
          await readOrReject(length === null ? damaged : damaged.subarray(0, length));
        },
      );
      await fc.assert(property, { numRuns: 400 });
    });
  }
});

test('rejects corrupt PNG chunks with a correct checksum', async () => {
  const raster = randomRaster(9, 9, { channels: 1, depth: 4, indexed: true });
  const { chunks } = readChunks(referencePng(raster, { interlaced: true }));
  const property = fc.asyncProperty(fc.nat(chunks.length - 1), fc.nat(), fc.nat(255), async (which, at, value) => {
    const damaged = chunks.map(({ type, data }) => ({ type, data: Uint8Array.from(data) }));
    const { data } = damaged[which]!;
    if (data.length > 0) data[at % data.length] = value;
    await readOrReject(assemblePng(damaged));
  });
  await fc.assert(property, { numRuns: 500 });
  await readOrReject(assemblePng([...chunks.slice(0, -1), chunk('teSt', ''), chunk('IEND', '')]));
});

async function readOrReject(file: Buffer): Promise<void> {
  try {
    const { raster, metadata } = await readImage(file, { allowLossySource: true, maxPixels: 100_000 });
    checkRaster(raster);
    assert.ok(metadata.length <= 1);
  } catch (error) {
    if (!(error instanceof PixrnnError)) throw error;
    assert.match(error.message, /^([a-z]|[A-Z]{3}).*\. (pixrnn|[A-Z]).*\.$/s);
  }
}
