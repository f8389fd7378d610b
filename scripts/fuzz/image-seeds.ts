import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { formatOf } from '#pixrnn/image/formats.js';
import { writeImage } from '#pixrnn/node/image/write-image.js';
import { blobs, screen } from '../../fixtures/draw.js';
import { readSources } from '../../fixtures/golden.js';
import { assemblePng, chunk } from '../../fixtures/png.js';
import { referenceBmp } from '../../test/image/reference-bmp.js';
import { referenceGif } from '../../test/image/reference-gif.js';
import { header, KINDS, palette, randomRaster, referencePng } from '../../test/image/reference-png.js';
import { referenceTiff } from '../../test/image/reference-tiff.js';
import { SHARED_DATA } from '../../test/needs.js';
import type { TargetName } from './target.js';

/** Larger files of the shared data make executions slow. */
const MAX_SEED_BYTES = 3000;

/** Returns small image files of a format, by names. */
export async function imageSeeds(format: Exclude<TargetName, 'prnn'>): Promise<Map<string, Uint8Array>> {
  const drawn: Record<typeof format, () => Promise<Uint8Array[]>> = {
    png: pngFiles,
    tiff: tiffFiles,
    gif: gifFiles,
    bmp: () => Promise.resolve(bmpFiles()),
    pnm: pnmFiles,
    jpeg: jpegFiles,
  };
  const fixtures = readSources()
    .map(({ data }) => Buffer.from(data, 'base64'))
    .filter((bytes) => formatOf(bytes)?.toLowerCase() === format);
  const files = [...fixtures, ...(await drawn[format]())];
  const seeds = new Map(files.map((bytes, i) => [`drawn-${i}`, Uint8Array.from(bytes)]));
  return new Map([...seeds, ...sharedFiles(format)]);
}

/** Returns the small files of the shared data, where it is present. */
function sharedFiles(format: string): [string, Uint8Array][] {
  const folder = join(SHARED_DATA, 'formats');
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(
    (name) => [name, join(folder, name)] as const,
  );
  return paths
    .filter(([, path]) => statSync(path).isFile() && statSync(path).size <= MAX_SEED_BYTES)
    .map(
      ([name, path]) => [name.replaceAll(/[^\w.-]/g, '_'), Uint8Array.from(readFileSync(path))] as [string, Uint8Array],
    )
    .filter(([, bytes]) => formatOf(bytes)?.toLowerCase() === format);
}

function pngFiles(): Promise<Uint8Array[]> {
  const kinds = KINDS.flatMap((kind, i) => {
    const raster = randomRaster(5, 4, kind, i);
    return [referencePng(raster), referencePng(raster, { interlaced: true })];
  });
  const raster = blobs({ width: 2, height: 2 });
  const notes = [
    chunk('gAMA', '\0\x01\x86\xa0'),
    chunk('pHYs', '\0\0\x0b\x13\0\0\x0b\x13\x01'),
    chunk('tEXt', 'Title\0text'),
    chunk('iTXt', 'XML:com.adobe.xmp\0\0\0\0\0<x/>'),
    chunk('sBIT', '\x05\x06\x05'),
    chunk('tRNS', '\0\x01\0\x02\0\x03'),
    chunk('eXIf', 'II*\0\x08\0\0\0\0\0'),
    chunk('acTL', '\0\0\0\x02\0\0\0\0'),
    chunk(
      'zTXt',
      Buffer.concat([Buffer.from('Comment\0\0'), Buffer.from('789c4b492d4e0200 0468 01e1'.replaceAll(' ', ''), 'hex')]),
    ),
  ];
  const data = referencePng({ ...raster, indexed: false });
  const start = data.subarray(0, 33);
  const noted = notes.map((note) => Buffer.concat([start, assemblePng([note]).subarray(8), data.subarray(33)]));
  const indexed = randomRaster(4, 4, { channels: 1, depth: 2, indexed: true });
  const other = assemblePng([
    header(indexed, false),
    palette(4),
    chunk('tRNS', '\x10\x80'),
    chunk('IDAT', 'x'),
    chunk('IEND', ''),
  ]);
  return Promise.resolve([...kinds, ...noted, other]);
}

async function tiffFiles(): Promise<Uint8Array[]> {
  const { samples, width, height } = blobs({ width: 6, height: 5 });
  const image = sharp(samples, { raw: { width, height, channels: 3 } });
  const one = { width: 3, height: 2, bits: 8, photometric: 1, data: [5, 6, 7, 8, 9, 10] };
  const packed = (['none', 'lzw', 'deflate', 'packbits'] as const).flatMap((compression) =>
    (['none', 'horizontal'] as const).map((predictor) => image.clone().tiff({ compression, predictor }).toBuffer()),
  );
  const bits = image
    .clone()
    .toColourspace('b-w')
    .threshold()
    .tiff({ compression: 'ccittfax4', bitdepth: 1 })
    .toBuffer();
  const tiles = await image.clone().tiff({ compression: 'lzw', tile: true, tileWidth: 16, tileHeight: 16 }).toBuffer();
  const written = await Promise.all(
    KINDS.filter(({ indexed }) => !indexed).map((kind) => writeImage(randomRaster(4, 3, kind), [], 'tiff')),
  );
  const colours = Array.from({ length: 3 * 16 }, (_, i) => 257 * i);
  return [
    ...(await Promise.all(packed)),
    await bits,
    tiles,
    ...written,
    referenceTiff(one),
    referenceTiff({ ...one, bigEndian: true }),
    referenceTiff(one, { ...one, photometric: 0 }),
    referenceTiff({ width: 2, height: 1, bits: 8, photometric: 2, channels: 3, data: [1, 2, 3, 4, 5, 6] }),
    referenceTiff({ width: 4, height: 1, bits: 4, photometric: 3, data: [0x12, 0x34], fields: [[320, 3, colours]] }),
    referenceTiff({
      ...one,
      fields: [
        [274, 3, [6]],
        [282, 4, []],
        [700, 7, [60, 120, 47, 62]],
      ],
    }),
  ];
}

async function gifFiles(): Promise<Uint8Array[]> {
  const { samples, width, height } = blobs({ width: 7, height: 6 });
  const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
  const frame = { width: 4, height: 2, indices: count(8) };
  return [
    await sharp(samples, { raw: { width, height, channels: 3 } })
      .gif()
      .toBuffer(),
    await sharp(samples, { raw: { width, height, channels: 3 } })
      .gif({ colours: 4 })
      .toBuffer(),
    referenceGif(4, 2, [frame]),
    referenceGif(4, 2, [{ ...frame, transparent: 2, interlaced: true }]),
    referenceGif(4, 2, [frame, frame]),
    referenceGif(6, 5, [{ ...frame, x: 1, y: 2 }]),
    referenceGif(4, 2, [frame], [0x21, 0xfe, 3, 97, 98, 99, 0]),
  ];
}

function bmpFiles(): Uint8Array[] {
  const colours = Array.from({ length: 64 }, (_, i) => (i % 4 === 3 ? 0 : i));
  const row = [1, 2, 3, 4, 5, 6, 0, 0, 7, 8, 9, 10, 11, 12, 0, 0];
  const plain = { width: 2, height: 2, bits: 24, pixels: row };
  return [
    referenceBmp(plain),
    referenceBmp({ ...plain, height: -2 }),
    ...[12, 56, 108, 124].map((version) => referenceBmp({ ...plain, version })),
    referenceBmp({ ...plain, version: 124, profile: 'profile' }),
    referenceBmp({ ...plain, bits: 32 }),
    referenceBmp({ ...plain, bits: 32, compression: 3, masks: [0xff0000, 0xff00, 0xff] }),
    referenceBmp({ ...plain, bits: 16, pixels: row.slice(0, 8) }),
    referenceBmp({ ...plain, bits: 16, compression: 3, masks: [0xf800, 0x7e0, 0x1f], pixels: row.slice(0, 8) }),
    ...[1, 4, 8].map((bits) =>
      referenceBmp({ width: 3, height: 2, bits, palette: colours, pixels: row.slice(0, 8).map((v) => v & 0x11) }),
    ),
    referenceBmp({
      width: 6,
      height: 2,
      bits: 8,
      compression: 1,
      palette: colours,
      pixels: [6, 3, 0, 0, 0, 3, 1, 2, 3, 0, 2, 5, 0, 2, 1, 0, 0, 1],
    }),
    referenceBmp({
      width: 6,
      height: 2,
      bits: 4,
      compression: 2,
      palette: colours,
      pixels: [6, 0x12, 0, 0, 0, 4, 0x12, 0x34, 2, 0x11, 0, 1],
    }),
  ];
}

async function pnmFiles(): Promise<Uint8Array[]> {
  const texts = [
    'P1 3 2\n101\n0 1 0',
    'P2\n# two\n2 1 255\n7 200',
    'P2 2 1 3\n1 3',
    'P3 1 1 255 1 2 3\n',
    'P5 2 1 15\n\x01\x0f',
    'P5 2 1 1000\n\x01\x0f\x02\x03',
    'P7\nWIDTH 1\nHEIGHT 1\nDEPTH 2\nMAXVAL 255\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n\x09\x08',
    'P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 1\nTUPLTYPE BLACKANDWHITE\nENDHDR\n\0\x01',
    'P4\n3 2\n\xa0\x40P4\n3 2\n\xa0\x40',
  ].map((text) => Buffer.from(text, 'latin1'));
  const written = KINDS.filter(({ indexed }) => !indexed).map((kind) =>
    writeImage(randomRaster(4, 3, kind), [], 'pnm'),
  );
  return [...texts, ...(await Promise.all(written))];
}

async function jpegFiles(): Promise<Uint8Array[]> {
  const [photo, drawing] = [blobs({ width: 17, height: 9 }), screen({ width: 8, height: 8 })].map(
    ({ samples, width, height }) => sharp(samples, { raw: { width, height, channels: 3 } }),
  );
  return Promise.all([
    photo!.clone().jpeg({ quality: 90 }).toBuffer(),
    photo!.clone().jpeg({ progressive: true, quality: 40 }).toBuffer(),
    photo!.clone().jpeg({ chromaSubsampling: '4:4:4', optimiseCoding: false }).toBuffer(),
    photo!
      .clone()
      .withExif({ IFD0: { Make: 'x', Orientation: '6' } })
      .jpeg({ quality: 10 })
      .toBuffer(),
    photo!.clone().toColourspace('b-w').jpeg({ quality: 95 }).toBuffer(),
    drawing!.clone().jpeg({ mozjpeg: true }).toBuffer(),
    drawing!.clone().keepIccProfile().withIccProfile('p3').jpeg().toBuffer(),
  ]);
}
