import type { Channels, Depth, Samples } from '../../samples.js';
import { chunksOf, perMetre } from '../../image/ancillary-chunks.js';
import { checkLossy, lossyWarning } from '../../image/lossy.js';
import type { PngChunk } from '../../image/png-chunks.js';
import { NO_METADATA } from '../../image/png-metadata.js';
import type { Raster } from '../../image/raster.js';
import { checkSize, unreadable, unsupported } from '../../image/refusals.js';
import { type Decoded, type ReaderOptions, plainSource } from '../../image/source.js';
import { TiffDirectory, readTiff, writeTiff } from '../../image/tiff-ifd.js';
import { DESCRIPTIVE_TAGS, DIRECTORY_TAGS, isKeptTag, TAG } from '../../image/tiff-tags.js';
import { decodeWithSharp } from './via-sharp.js';

const ADVICE = 'Convert the image to 8- or 16-bit gray or RGB first.';

/** Lossless compressions: none, Huffman and fax, LZW, deflate (two codes), PackBits, LZMA, Zstandard. */
const LOSSLESS = [1, 2, 3, 4, 5, 8, 32946, 32773, 34925, 50000];

/** Lossy compressions: JPEG (two codes) and WebP. */
const LOSSY = [6, 7, 50001];

const COLOUR_SPACES = new Map([
  [4, 'a mask'],
  [5, 'CMYK'],
  [6, 'YCbCr'],
  [8, 'CIE Lab'],
  [9, 'ICC Lab'],
  [10, 'ITU Lab'],
  [32803, 'a colour filter array (raw camera data)'],
  [34892, 'linear raw camera data'],
]);

/** The sample format of a directory, from its fields. */
interface TiffImage {
  readonly width: number;
  readonly height: number;
  readonly channels: Channels;
  readonly depth: Depth;
  readonly indexed: boolean;
  readonly lossy: boolean;
}

/**
 * Reads a TIFF file: gray of 1 to 16 bits, palettes, RGB of 8 and 16 bits, and alpha that is not premultiplied. sharp
 * decodes the samples; their format is read here first, so that everything that sharp would convert is rejected. Gray
 * where 0 is white is inverted, since PNG supports only gray where 0 is black.
 * @throws PixrnnError 'input-unreadable', 'input-unsupported', 'limit'
 */
export async function readTiffImage(input: Uint8Array, options: ReaderOptions): Promise<Decoded> {
  const directories = readTiff(input);
  const pages = directories.length;
  if (pages > 1 && options.page === null) {
    throw unsupported(`it is a TIFF file with ${pages} images`, 'Select one of them with page.', 'page');
  }
  const page = options.page ?? 1;
  const directory = directories[page - 1];
  if (!directory)
    throw unsupported(`it has no image ${page}: the last one is ${pages}`, 'Use page with another number.', 'page');

  const image = describe(directory);
  const { width, height, channels, depth, indexed, lossy } = image;
  checkSize(width, height, (channels * Math.max(8, depth)) / 8, options.maxPixels);
  const palette = indexed ? [paletteOf(directory, depth)] : [];
  if (lossy) checkLossy(input, 'TIFF', { width, height, channels, depth: 8 }, options);
  const file = indexed ? withoutPalette(input, directory) : input;
  const stored = depth === 16 ? 16 : 8;
  const samples = await decodeWithSharp(file, { format: 'TIFF', width, height, channels, depth: stored }, page - 1);
  if (depth < 8) unscale(samples, depth);

  const icc = directory.bytes(TAG.iccProfile);
  const others = { xmp: directory.bytes(TAG.xmp), exif: exifOf(directory), resolution: resolutionOf(directory) };
  const metadata = { ...NO_METADATA, beforeImage: [...chunksOf({ icc }), ...palette, ...chunksOf(others)] };
  const raster: Raster = { width, height, channels, depth, indexed, samples };
  const dropped = [...directory.fields.keys()].filter((tag) => !isKeptTag(tag)).sort((a, b) => a - b);
  const warnings = [
    ...(lossy ? [lossyWarning('TIFF')] : []),
    ...(dropped.length > 0 ? [`these TIFF tags are not kept: ${dropped.join(', ')}`] : []),
  ];
  return { raster, metadata, source: plainSource('TIFF', { pages, lossy, warnings }) };
}

function describe(directory: TiffDirectory): TiffImage {
  const number = (tag: number, absent: number): number => directory.number(tag, absent);
  const [width, height] = [number(TAG.imageWidth, 0), number(TAG.imageLength, 0)];
  if (width < 1 || height < 1)
    throw unreadable(`the TIFF file is damaged: its header gives a size of ${width} x ${height} pixels`);
  const photometric = number(TAG.photometric, 1);
  const compression = number(TAG.compression, 1);
  const lossy = LOSSY.includes(compression);
  if (!lossy && !LOSSLESS.includes(compression)) refuse(`compression ${compression}`);
  const space = COLOUR_SPACES.get(photometric);
  // The decoder converts JPEG's YCbCr to RGB.
  if (photometric > 3 && !(photometric === 6 && lossy)) refuse(space ?? `colour space ${photometric}`);

  const samplesPerPixel = number(TAG.samplesPerPixel, 1);
  const bits = directory.numbers(TAG.bitsPerSample, [1]);
  const formats = directory.numbers(TAG.sampleFormat, [1]);
  const depth = bits[0]!;
  if (formats.some((format) => format === 3)) refuse(`${depth}-bit floating-point samples`);
  if (formats.some((format) => format === 5 || format === 6)) refuse('complex samples');
  if (formats.some((format) => format === 2)) refuse(`${depth}-bit signed samples`);
  if (bits.some((n) => n !== depth)) refuse(`channels of different depths (${bits.join(', ')} bits)`);

  const colours = photometric === 2 || photometric === 6 ? 3 : 1;
  const extra = directory.numbers(TAG.extraSamples, []);
  const channels = checkExtra(samplesPerPixel, colours, extra);
  const indexed = photometric === 3;
  if (indexed && channels > 1) refuse('palette and alpha');
  if (indexed && depth > 8) refuse(`${depth}-bit palette indices`);
  const depths = channels === 1 ? [1, 2, 4, 8, 16] : [8, 16];
  if (!depths.includes(depth)) refuse(`${depth}-bit samples`);
  return { width, height, channels, depth: depth as Depth, indexed, lossy };
}

function checkExtra(samplesPerPixel: number, colours: 1 | 3, extra: readonly number[]): Channels {
  if (samplesPerPixel === colours && extra.length === 0) return colours;
  if (samplesPerPixel !== colours + 1) refuse(`${samplesPerPixel} channels`);
  if (extra[0] === 1) refuse('premultiplied alpha');
  if (extra[0] !== 2) refuse('a channel that is neither colour nor alpha');
  return (colours + 1) as Channels;
}

/** Returns the colour map as PLTE. Its colours have 16 bits and must be scaled 8-bit colours. */
function paletteOf(directory: TiffDirectory, depth: Depth): PngChunk {
  const map = directory.numbers(TAG.colorMap, []);
  const colours = 2 ** depth;
  if (map.length !== 3 * colours) {
    throw unreadable(`the TIFF file is damaged: its palette has only ${map.length / 3} of ${colours} colours`);
  }
  const isByte = map.every((value) => value % 257 === 0) || map.every((value) => value % 256 === 0);
  if (!isByte) refuse('a palette of 16-bit colours');
  return {
    type: 'PLTE',
    data: Uint8Array.from({ length: 3 * colours }, (_, i) => map[(i % 3) * colours + Math.floor(i / 3)]! >> 8),
  };
}

/** Returns the file with its palette image declared as gray, so that sharp returns indices instead of colours. */
function withoutPalette(input: Uint8Array, directory: TiffDirectory): Uint8Array {
  const copy = Uint8Array.from(input);
  const { at = 0 } = directory.fields.get(TAG.photometric) ?? {};
  copy.set(input[0] === 0x49 ? [1, 0] : [0, 1], at);
  return copy;
}

/** Reverses the scaling of libvips, which maps samples of fewer than 8 bits to 0..255. */
function unscale(samples: Samples, depth: Depth): void {
  const factor = 255 / (2 ** depth - 1);
  for (let i = 0; i < samples.length; i++) {
    if (samples[i]! % factor !== 0) refuse(`${depth}-bit samples that sharp does not decode exactly`);
    samples[i]! /= factor;
  }
}

/** Returns text, date, orientation, camera and position as the EXIF of a PNG file; undefined if there are none. */
function exifOf(directory: TiffDirectory): Uint8Array | undefined {
  const isPlain = (tag: number): boolean => tag === TAG.orientation && directory.number(tag, 1) === 1;
  const fields = DESCRIPTIVE_TAGS.filter((tag) => directory.fields.has(tag) && !isPlain(tag));
  const children = DIRECTORY_TAGS.filter((tag) => directory.children.has(tag));
  if (fields.length + children.length === 0) return undefined;
  const exif = new TiffDirectory(new Map(fields.map((tag) => [tag, directory.fields.get(tag)!])));
  for (const tag of children) exif.children.set(tag, directory.children.get(tag)!);
  return writeTiff(exif);
}

function resolutionOf(directory: TiffDirectory): readonly [number, number] | undefined {
  const unit = directory.number(TAG.resolutionUnit, 2); // 1 none, 2 inch, 3 centimetre
  if (unit !== 2 && unit !== 3) return undefined;
  const [x, y] = [directory.number(TAG.xResolution, 0), directory.number(TAG.yResolution, 0)];
  return unit === 2 ? perMetre(x / 0.0254, y / 0.0254) : perMetre(x * 100, y * 100);
}

function refuse(what: string): never {
  throw unsupported(`TIFF files with ${what} are not supported`, ADVICE);
}
