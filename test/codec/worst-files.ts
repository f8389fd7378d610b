import { brotliCompressSync, deflateSync } from 'node:zlib';
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
import { readChunks, writeChunks } from '#pixrnn/image/png-chunks.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { allocateSamples, packedLength } from '#pixrnn/samples.js';
import { generator } from '../../fixtures/draw.js';
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

/** 0.4 of the sides that are accepted by default: memory and time rise in proportion to the pixels. */
const SIDE = 4000;
/** Pixels of the row that is cut into tiles: as many as are accepted by default. */
const ROW = 10_000 ** 2;
const TILE_SIDE = 1000;
const MEBIBYTE = 2 ** 20;
/** Bytes of a stream that is cut into as many parts: nearly as many as a recipe may have. */
const PARTS = 250 * 1024;

/** Returns every worst file. */
export async function worstFiles(pool: Coders): Promise<WorstFile[]> {
  const ofPixels = { samples: SIDE * SIDE * 4, coefficients: 0, unpacks: false };
  const small = { samples: 64, coefficients: 0, unpacks: true };
  const recipe = await recipeBomb(pool);
  const ofJpeg = { samples: 0, coefficients: 3 * SIDE * SIDE, unpacks: false };
  return [
    { name: 'flat tiles of 16 megapixels, RGBA', bytes: await flatTiles(pool), ...ofPixels },
    { name: '97,657 tiles of 1 row', bytes: manyTiles(), ...ofPixels, samples: ROW },
    { name: 'stored PNG of 16 megapixels, RGBA', bytes: await storedPng(), ...ofPixels },
    { name: 'one text of 64 MiB', bytes: await withMetadata(pool, oneText()), ...small },
    { name: '65,536 texts of 1,000 bytes', bytes: await withMetadata(pool, manyTexts()), ...small },
    { name: 'recipe of 120 MiB of literals', bytes: recipe, ...small },
    { name: 'JPEG of 16 megapixels', bytes: await flatJpeg(pool), ...ofJpeg },
    { name: 'JPEG with 250 MiB after its end', bytes: await jpegWithTail(pool), ...small },
    { name: 'JPEG of 64 pixels, 16 megapixels nested', bytes: await nestedJpeg(pool), ...ofJpeg },
    { name: 'PNG of 257,000 parts', bytes: await manyParts(pool), ...small, samples: PARTS },
    { name: 'recipe and metadata, both large', bytes: withLargeMetadata(recipe), ...small },
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
    ...{ width: ROW, height: 1, channels: 1, depth: 1, indexed: false },
    ...{ rgbModel: null, grayModel: null, effort: DEFAULT_EFFORT },
  };
  const image = tileGrid(header.width, header.height).map(({ width, height }) => ({
    ...{ alpha: null, isGray: false, hiddenColour: null },
    colours: { representation: 'raw', payload: new Uint8Array(packedLength(width * height, 1)) } as const,
    samplesCrc: samplesCrc(allocateSamples(width * height, 1)),
  }));
  const digest = samplesDigest(allocateSamples(ROW, 1));
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
  const whole = concatBytes([await image.tiff({ compression: 'none' }).toBuffer(), new Uint8Array(120 * MEBIBYTE)]);
  return exactly('a.tif', whole, pool);
}

/** Compresses a source file with a recipe. */
async function exactly(name: string, source: Uint8Array, pool: Coders): Promise<Uint8Array> {
  const read = await readImage(source);
  const file = sourceFile(name, source, read, {});
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

/** A thumbnail is an image like any other. */
async function nestedJpeg(pool: Coders): Promise<Uint8Array> {
  const image = (side: number) =>
    sharp({ create: { width: side, height: side, channels: 3, background: '#123456' } })
      .jpeg({ chromaSubsampling: '4:4:4' })
      .toBuffer();
  const whole = concatBytes([await image(8), await image(SIDE)]);
  return (await compressJpeg(jpegSource('a.jpg', whole, {}), { pool, verify: false, effort: 1 })).bytes;
}

/** A PNG file of noise, each byte of whose zlib stream has a chunk. */
async function manyParts(pool: Coders): Promise<Uint8Array> {
  const random = generator(1);
  const noise = Uint8Array.from({ length: PARTS }, () => 256 * random());
  const raw = { width: PARTS / 1024, height: 1024, channels: 1 } as const;
  const { chunks } = readChunks(await sharp(noise, { raw }).toColourspace('b-w').png().toBuffer());
  const split = chunks.flatMap(({ type, data }) =>
    type === 'IDAT' ? Array.from(data.subarray(0), (byte) => ({ type, data: Uint8Array.of(byte) })) : [{ type, data }],
  );
  return exactly('a.png', writeChunks(split), pool);
}

/** Metadata that unpack to 64 MiB, whose profile and XMP inflate to as much each. */
function withLargeMetadata(file: Uint8Array): Uint8Array {
  const zeros = deflateSync(new Uint8Array(64 * MEBIBYTE));
  const records = [
    { type: 'iCCP', data: concatBytes([Buffer.from('name\0\0'), zeros]) },
    { type: 'iTXt', data: concatBytes([Buffer.from('XML:com.adobe.xmp\0\x01\0\0\0'), zeros]) },
    { type: 'tEXt', data: concatBytes([Buffer.from('Name\0'), new Uint8Array(63 * MEBIBYTE).fill(97)]) },
  ].map(({ type, data }) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length);
    head.write(type, 4, 'latin1');
    return concatBytes([head, data]);
  });
  const metadata = [concatBytes([Uint8Array.of(1), brotliCompressSync(concatBytes(records))])];
  return encodeContainer({ ...decodeContainer(file), metadata });
}

async function jpegWithTail(pool: Coders): Promise<Uint8Array> {
  const image = sharp({ create: { width: 64, height: 64, channels: 3, background: '#123456' } });
  const jpeg = await image.jpeg().toBuffer();
  const whole = concatBytes([jpeg, new Uint8Array(250 * MEBIBYTE)]);
  return (await compressJpeg(jpegSource('a.jpg', whole, {}), { pool, verify: false, effort: 1 })).bytes;
}
