import { brotliCompressSync } from 'node:zlib';
import sharp from 'sharp';
import { concatBytes } from '#pixrnn/bytes.js';
import { samplesCrc, samplesDigest } from '#pixrnn/codec/check.js';
import { compressJpeg } from '#pixrnn/codec/compress-jpeg.js';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { decodeContainer, encodeContainer, encodeStored } from '#pixrnn/codec/container.js';
import type { ContainerHeader } from '#pixrnn/codec/container-layout.js';
import { jpegSource } from '#pixrnn/codec/jpeg-source.js';
import { sourceFile } from '#pixrnn/codec/source-file.js';
import { tileGrid } from '#pixrnn/codec/tile-grid.js';
import { DEFAULT_EFFORT } from '#pixrnn/effort.js';
import type { Coders } from '#pixrnn/engine/pool.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { allocateSamples, packedLength } from '#pixrnn/samples.js';
import { tilesOf } from './samples.js';

/*
 * Small files that need as much memory as possible: they claim large images, or unpack to far more than their bytes.
 */

/** A file, and the samples (or coefficients) of its image in bytes as docs/BATCH.md counts them. */
export interface WorstFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly samples: number;
  readonly coefficients: number;
  /** Whether it is large only once metadata, recipe or record are unpacked. */
  readonly unpacks: boolean;
}

/** The largest image that is accepted by default. */
const SIDE = 10_000;
const TILE_SIDE = 1000;
const MEBIBYTE = 2 ** 20;

/** Returns every worst file. */
export async function worstFiles(pool: Coders): Promise<WorstFile[]> {
  const ofPixels = { samples: SIDE * SIDE * 4, coefficients: 0, unpacks: false };
  const small = { samples: 64, coefficients: 0, unpacks: true };
  const ofJpeg = { samples: 0, coefficients: 3 * SIDE * SIDE, unpacks: false };
  return [
    { name: 'flat tiles of 100 megapixels, RGBA', bytes: await flatTiles(pool), ...ofPixels },
    { name: '97,657 tiles of 1 row', bytes: manyTiles(), ...ofPixels, samples: SIDE * SIDE },
    { name: 'stored PNG of 100 megapixels, RGBA', bytes: await storedPng(), ...ofPixels },
    { name: 'one text of 64 MiB', bytes: await withMetadata(pool, oneText()), ...small },
    { name: '65,536 texts of 1,000 bytes', bytes: await withMetadata(pool, manyTexts()), ...small },
    { name: 'recipe of 120 MiB of literals', bytes: await recipeBomb(pool), ...small },
    { name: 'JPEG of 100 megapixels', bytes: await flatJpeg(pool), ...ofJpeg },
    { name: 'JPEG with 250 MiB after its end', bytes: await jpegWithTail(pool), ...small },
  ];
}

async function flatTiles(pool: Coders): Promise<Uint8Array> {
  const shape = { channels: 4, depth: 8, indexed: false } as const;
  const tile = { width: TILE_SIDE, height: TILE_SIDE, ...shape, samples: new Uint8Array(TILE_SIDE ** 2 * 4).fill(9) };
  const coded = decodeContainer((await compressRaster(tile, { pool, verify: false })).bytes);
  const chunk = { ...tilesOf(coded)[0]!, samplesCrc: samplesCrc(tile.samples) };
  const header = { ...coded.header, width: SIDE, height: SIDE };
  const image = tileGrid(SIDE, SIDE).map(() => chunk);
  return encodeContainer({ ...coded, header, image, digest: samplesDigest(new Uint8Array(SIDE ** 2 * 4).fill(9)) });
}

function manyTiles(): Uint8Array {
  const header: ContainerHeader = {
    ...{ width: SIDE * SIDE, height: 1, channels: 1, depth: 1, indexed: false },
    ...{ rgbModel: null, grayModel: null, effort: DEFAULT_EFFORT },
  };
  const image = tileGrid(header.width, header.height).map(({ width, height }) => ({
    ...{ alpha: null, isGray: false, hiddenColour: null },
    colours: { representation: 'raw', payload: new Uint8Array(packedLength(width * height, 1)) } as const,
    samplesCrc: samplesCrc(allocateSamples(width * height, 1)),
  }));
  const digest = samplesDigest(allocateSamples(SIDE * SIDE, 1));
  return encodeContainer({ header, metadata: [], restoration: null, activeAlphabet: null, image, digest });
}

async function storedPng(): Promise<Uint8Array> {
  const background = { r: 9, g: 9, b: 9, alpha: 0.5 };
  const image = sharp({ create: { width: SIDE, height: SIDE, channels: 4, background }, limitInputPixels: false });
  return encodeStored({ width: SIDE, height: SIDE, extension: '.png', source: await image.png().toBuffer() });
}

const plain = { width: 8, height: 8, channels: 1, depth: 8, indexed: false } as const;

async function withMetadata(pool: Coders, records: Uint8Array): Promise<Uint8Array> {
  const metadata = [concatBytes([Uint8Array.of(1), brotliCompressSync(records)])];
  const { bytes } = await compressRaster({ ...plain, samples: new Uint8Array(64) }, { pool, verify: false });
  return encodeContainer({ ...decodeContainer(bytes), metadata });
}

function oneText(): Uint8Array {
  const record = Buffer.alloc(64 * MEBIBYTE, 'a');
  record.writeUInt32BE(record.length - 8, 0);
  record.write('tEXtName\0', 4, 'latin1');
  return record;
}

function manyTexts(): Uint8Array {
  const record = Buffer.alloc(1008, 'a');
  record.writeUInt32BE(1000, 0);
  record.write('tEXtName\0', 4, 'latin1');
  return concatBytes(Array.from({ length: 65_536 }, () => record));
}

/** A TIFF file with 120 MiB of zeros after its image. */
async function recipeBomb(pool: Coders): Promise<Uint8Array> {
  const image = sharp({ create: { width: 8, height: 8, channels: 3, background: '#123456' } });
  const source = concatBytes([await image.tiff({ compression: 'none' }).toBuffer(), new Uint8Array(120 * MEBIBYTE)]);
  const read = await readImage(source);
  const file = sourceFile('a.tif', source, read, {});
  const options = { metadata: read.metadata, source: file, exactness: 'exact', pool, verify: false } as const;
  const { bytes, representations } = await compressRaster(read.raster, options);
  if (representations.stored > 0 || decodeContainer(bytes).restoration === null) throw new Error('it has no recipe');
  return bytes;
}

async function flatJpeg(pool: Coders): Promise<Uint8Array> {
  const image = sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: '#123456' } });
  const jpeg = await image.jpeg({ chromaSubsampling: '4:4:4' }).toBuffer();
  return (await compressJpeg(jpegSource('a.jpg', jpeg, {}), { pool, verify: false, effort: 1 })).bytes;
}

async function jpegWithTail(pool: Coders): Promise<Uint8Array> {
  const image = sharp({ create: { width: 64, height: 64, channels: 3, background: '#123456' } });
  const jpeg = await image.jpeg().toBuffer();
  const whole = concatBytes([jpeg, new Uint8Array(250 * MEBIBYTE)]);
  return (await compressJpeg(jpegSource('a.jpg', whole, {}), { pool, verify: false, effort: 1 })).bytes;
}
