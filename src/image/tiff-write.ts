import { viewOf } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import { host } from '../host/host.js';
import { packSamples, packedLength, type Samples } from '../samples.js';
import { extrasOf } from './ancillary-chunks.js';
import type { PngMetadata } from './png-metadata.js';
import type { Raster } from './raster.js';
import { TiffDirectory, dataOffsets, readTiff, reverseUnits, writeTiff } from './tiff-ifd.js';
import { DESCRIPTIVE_TAGS, DIRECTORY_TAGS, TAG } from './tiff-tags.js';

const [SHORT, LONG, RATIONAL] = [3, 4, 5];

/** Approximate number of bytes of samples per strip. */
const STRIP_BYTES = 1024 * 1024;

/** Offsets have 32 bits. */
const MAX_FILE = 2 ** 32 - 1;

/**
 * Writes a TIFF file (6.0, little-endian) of gray or RGB with or without alpha, compressed with deflate, with
 * horizontal differencing for samples of 8 or more bits. Keeps profile, XMP, EXIF and resolution.
 * @throws PixrnnError 'limit' for more than 4 GiB
 */
export async function writeTiffImage(raster: Raster, metadata: PngMetadata): Promise<Uint8Array> {
  const { width, height, channels, depth } = raster;
  checkFits(packedLength(width * channels, depth) * height);
  const rowsPerStrip = Math.max(1, Math.floor(STRIP_BYTES / packedLength(width * channels, depth)));
  const strips: Uint8Array[] = [];
  for (let y = 0; y < height; y += rowsPerStrip) {
    strips.push(await host().zlib.deflate(packStrip(raster, y, Math.min(height, y + rowsPerStrip)), { level: 9 }));
  }
  const directory = new TiffDirectory();
  addExtras(directory, metadata);
  const set = (tag: number, type: number, ...values: number[]): void => directory.set(tag, type, values);
  set(TAG.newSubfileType, LONG, 0);
  set(TAG.imageWidth, LONG, width);
  set(TAG.imageLength, LONG, height);
  directory.set(
    TAG.bitsPerSample,
    SHORT,
    Array.from({ length: channels }, () => depth),
  );
  set(TAG.compression, SHORT, 8); // deflate
  set(TAG.photometric, SHORT, channels >= 3 ? 2 : 1); // RGB, or gray where 0 is black
  set(TAG.samplesPerPixel, SHORT, channels);
  set(TAG.rowsPerStrip, LONG, rowsPerStrip);
  set(TAG.planarConfiguration, SHORT, 1);
  if (depth >= 8) set(TAG.predictor, SHORT, 2);
  if (channels % 2 === 0) set(TAG.extraSamples, SHORT, 2); // alpha, not premultiplied
  directory.set(TAG.stripOffsets, LONG, dataOffsets(strips));
  directory.set(
    TAG.stripByteCounts,
    LONG,
    strips.map(({ length }) => length),
  );
  return writeTiff(directory, strips);
}

/** Returns rows `from` to `to`, with horizontal differencing (TIFF predictor 2). */
function packStrip({ width, channels, depth, samples }: Raster, from: number, to: number): Uint8Array {
  const count = width * channels;
  const bytes = packedLength(count, depth);
  const strip = new Uint8Array(bytes * (to - from));
  for (let y = from; y < to; y++) {
    const row = samples.subarray(y * count, (y + 1) * count);
    const target = strip.subarray((y - from) * bytes, (y - from + 1) * bytes);
    packSamples(depth >= 8 ? differences(row, channels) : row, depth, target);
  }
  if (depth === 16) reverseUnits(strip, 2); // little-endian
  return strip;
}

function differences(row: Samples, channels: number): Samples {
  const result = row.slice();
  for (let i = channels; i < row.length; i++) result[i] = row[i]! - row[i - channels]!; // modulo 2^depth
  return result;
}

function addExtras(directory: TiffDirectory, metadata: PngMetadata): void {
  const { icc, xmp, exif, resolution } = extrasOf(metadata);
  if (exif) addExif(directory, exif);
  if (icc) directory.fields.set(TAG.iccProfile, { tag: TAG.iccProfile, type: 7, count: icc.length, bytes: icc });
  if (xmp) directory.fields.set(TAG.xmp, { tag: TAG.xmp, type: 1, count: xmp.length, bytes: xmp });
  if (!resolution) return;
  directory.set(TAG.resolutionUnit, SHORT, [3]);
  for (const [tag, perMetre] of [
    [TAG.xResolution, resolution[0]] as const,
    [TAG.yResolution, resolution[1]] as const,
  ]) {
    const bytes = new Uint8Array(8);
    viewOf(bytes).setUint32(0, perMetre, true); // pixels per centimetre, in hundredths
    viewOf(bytes).setUint32(4, 100, true);
    directory.fields.set(tag, { tag, type: RATIONAL, count: 1, bytes });
  }
}

/** Adds the image description in EXIF's first directory, and its EXIF and GPS directories; no thumbnail. */
function addExif(directory: TiffDirectory, exif: Uint8Array): void {
  let source: TiffDirectory | undefined;
  try {
    [source] = readTiff(exif);
  } catch (error) {
    if (!(error instanceof PixrnnError)) throw error;
    return; // already damaged in the source
  }
  if (!source) return;
  for (const tag of DESCRIPTIVE_TAGS) {
    const field = source.fields.get(tag);
    if (field) directory.fields.set(tag, field);
  }
  for (const tag of DIRECTORY_TAGS) {
    const child = source.children.get(tag);
    if (child) directory.children.set(tag, child);
  }
}

function checkFits(bytes: number): void {
  if (bytes * 1.01 + STRIP_BYTES < MAX_FILE) return;
  throw new PixrnnError('limit', 'the image is too large for a TIFF file of 4 GiB. Write .png instead.');
}
