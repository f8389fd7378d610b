import { PixrnnError } from '../../errors.js';
import { CARRIED_CHUNKS, xmpOf } from '../../image/ancillary-chunks.js';
import { expand } from '../../image/expand.js';
import type { OutputFormat } from '../../image/formats.js';
import type { PngMetadata } from '../../image/png-metadata.js';
import { type PnmKind, kindOfPnm, writePnm } from '../../image/pnm-write.js';
import {
  type Raster,
  type RasterInput,
  type RasterShape,
  channelsName,
  checkRaster,
  rasterOf,
} from '../../image/raster.js';
import { writeTiffImage } from '../../image/tiff-write.js';
import { allocateSamples } from '../../samples.js';
import { MAX_WEBP_SIDE, writeWebp } from './webp.js';
import { metadataOf, writePng } from '../../image/write-png.js';

/**
 * Writes an image file of exactly these samples, with as much of `readImage`'s metadata as the format supports:
 * everything in PNG; profile, EXIF, XMP and resolution in TIFF; profile, EXIF and XMP in WebP; none in PNM. In formats
 * other than PNG, indices become colours and transparent colours become alpha; see `writingRemarks`.
 * @throws PixrnnError 'usage' if the format does not support the samples, 'file-corrupt' for invalid
 * metadata, 'input-unsupported' for indices outside the palette, 'limit'
 */
export async function writeImage(
  given: RasterInput,
  metadata: readonly Uint8Array[],
  format: OutputFormat,
): Promise<Uint8Array> {
  const raster = rasterOf(given);
  if (format === 'png') return writePng(raster, metadata);
  checkRaster(raster);
  const extra = await metadataOf(raster, metadata);
  if (format === 'webp') checkFitsWebp(raster);
  const expanded = expand(raster, extra);
  if (format === 'tiff') return writeTiffImage(expanded, extra);
  if (format === 'pnm') return writePnm(expanded, extra);
  return writeWebp(withColours(expanded), extra);
}

/** Returns what changes in a file of a format other than PNG, as sentences in lower case without a full stop. */
export async function writingRemarks(
  raster: Raster,
  metadata: readonly Uint8Array[],
  format: OutputFormat,
): Promise<string[]> {
  if (format === 'png') return [];
  const extra = await metadataOf(raster, metadata);
  const name = { tiff: 'TIFF', webp: 'WebP', pnm: 'PNM' }[format];
  const { channels } = expandedShape(raster, extra);
  const remarks: string[] = [];
  if (raster.indexed)
    remarks.push(`the palette becomes ${channelsName(channels)}: pixrnn writes ${name} files without a palette`);
  else if (channels !== raster.channels) remarks.push('the transparent colour becomes an alpha channel');
  if (format === 'webp' && channels < 3) remarks.push('gray becomes RGB with the same samples in each channel');
  const dropped = droppedChunks(extra, format);
  if (dropped.length > 0) remarks.push(`${name} does not support these chunks: ${[...new Set(dropped)].join(', ')}`);
  return remarks;
}

/** Returns the kind of PNM file for an image, with its channels and depth in that file. */
export async function pnmKind(
  shape: RasterShape,
  metadata: readonly Uint8Array[],
): Promise<Pick<RasterShape, 'channels' | 'depth'> & { readonly kind: PnmKind }> {
  const { channels, depth } = expandedShape(shape, await metadataOf(shape, metadata));
  return { kind: kindOfPnm({ channels, depth }), channels, depth };
}

/** Returns the shape of an image after `expand`, determined from one pixel. */
function expandedShape(shape: RasterShape, extra: PngMetadata): RasterShape {
  const { channels, depth, indexed } = shape;
  return expand({ width: 1, height: 1, channels, depth, indexed, samples: allocateSamples(channels, depth) }, extra);
}

function droppedChunks({ beforeImage, afterImage, trailing }: PngMetadata, format: OutputFormat): string[] {
  const expanded = ['PLTE', 'tRNS'];
  const carried: readonly string[] = {
    png: [],
    tiff: CARRIED_CHUNKS,
    webp: CARRIED_CHUNKS.filter((type) => type !== 'pHYs'),
    pnm: ['sBIT', 'pxMV'], // written as the maximum sample value
  }[format];
  const isCarried = (type: string, data: Uint8Array): boolean =>
    expanded.includes(type) ||
    carried.includes(type) ||
    (type === 'iTXt' && format !== 'pnm' && xmpOf(data) !== undefined);
  const dropped = [...beforeImage, ...afterImage].filter(({ type, data }) => !isCarried(type, data));
  return [...dropped.map(({ type }) => type), ...(trailing.length > 0 ? ['bytes after the end'] : [])];
}

function checkFitsWebp({ width, height, depth }: Raster): void {
  if (depth === 16) {
    throw new PixrnnError(
      'usage',
      'WebP supports 8 bits per sample, but the image has 16. Write .png or .tiff instead.',
    );
  }
  if (Math.max(width, height) <= MAX_WEBP_SIDE) return;
  const what = `WebP images have at most ${MAX_WEBP_SIDE} pixels per side, but this one is ${width} x ${height}`;
  throw new PixrnnError('usage', `${what}. Write .png or .tiff instead.`);
}

/**
 * Converts gray to 8-bit RGB, the only format of WebP. Packed gray is scaled exactly: 255 is a multiple of 1, 3 and 15.
 */
function withColours(raster: Raster): Raster {
  if (raster.channels >= 3) return raster;
  const factor = 255 / (2 ** raster.depth - 1);
  const hasAlpha = raster.channels === 2;
  const channels = hasAlpha ? 4 : 3;
  const samples = new Uint8Array(raster.width * raster.height * channels);
  for (let from = 0, to = 0; from < raster.samples.length; from += raster.channels) {
    const gray = raster.samples[from]! * factor;
    samples[to++] = gray;
    samples[to++] = gray;
    samples[to++] = gray;
    if (hasAlpha) samples[to++] = raster.samples[from + 1]!;
  }
  return { ...raster, channels, depth: 8, samples };
}
