import { reverseUnits } from '../image/tiff-ifd.js';
import type { Raster } from '../image/raster.js';
import { type Samples, allocateSamples, packSamples, packedLength } from '../samples.js';

/** How the samples of a TIFF file are packed into segments: strips or tiles, and planes of them. */
export interface TiffPacking {
  readonly bigEndian: boolean;
  /** Whether 0 is white. */
  readonly inverted: boolean;
  /** Whether channels are stored apart. */
  readonly planar: boolean;
  /** Whether rows are differences of horizontal neighbours (predictor 2). */
  readonly differences: boolean;
  /** Whether the first sample is in the lowest bits of a byte (FillOrder 2). */
  readonly reversedBits: boolean;
  /** Size of a segment in pixels. */
  readonly width: number;
  readonly height: number;
  /** Whether segments at the right and lower edge have full size. */
  readonly tiled: boolean;
  readonly padding: TilePadding;
}

/** What tiles hold beyond the edge of the image, in the order of the numbers in recipes. */
export const TILE_PADDINGS = [
  /** Zeros. */
  'zeros',
  /** What the tile before held there, as where a buffer is used again (libtiff's tools, libvips). */
  'kept',
  /** The last column and the last row. */
  'replicated',
] as const;
export type TilePadding = (typeof TILE_PADDINGS)[number];

/** Returns the number of segments. */
export function segmentCount(raster: Raster, { width, height, planar }: TiffPacking): number {
  const planes = planar ? raster.channels : 1;
  return Math.ceil(raster.width / width) * Math.ceil(raster.height / height) * planes;
}

/** The rectangle of samples that a segment stores. */
interface Segment {
  readonly x: number;
  readonly y: number;
  /** In pixels, with what is beyond the edge of the image. */
  readonly width: number;
  readonly height: number;
  /** The first channel, and the number of channels. */
  readonly channel: number;
  readonly channels: number;
}

function segmentAt(raster: Raster, packing: TiffPacking, index: number): Segment {
  const { width, height, planar, tiled } = packing;
  const across = Math.ceil(raster.width / width);
  const perPlane = across * Math.ceil(raster.height / height);
  const plane = Math.floor(index / perPlane);
  const inPlane = index % perPlane;
  const [x, y] = [(inPlane % across) * width, Math.floor(inPlane / across) * height];
  return {
    x,
    y,
    width: tiled ? width : Math.min(width, raster.width - x),
    height: tiled ? height : Math.min(height, raster.height - y),
    channel: planar ? plane : 0,
    channels: planar ? 1 : raster.channels,
  };
}

/** Returns the size of a segment in bytes before compression. */
export function segmentBytes(raster: Raster, packing: TiffPacking, index: number): number {
  const { width, height, channels } = segmentAt(raster, packing, index);
  return packedLength(width * channels, raster.depth) * height;
}

/** Returns the bytes of a row of each segment. */
export function segmentRowBytes(raster: Raster, { width, planar }: TiffPacking): number {
  return packedLength(width * (planar ? 1 : raster.channels), raster.depth);
}

/** Returns whether a segment has bits that are not those of samples. */
export function hasPadding(raster: Raster, packing: TiffPacking, index: number): boolean {
  const { x, y, width, height, channels } = segmentAt(raster, packing, index);
  const isOutside = x + width > raster.width || y + height > raster.height;
  return isOutside || (width * channels * raster.depth) % 8 !== 0;
}

/** Returns a segment before compression. */
export function packSegment(raster: Raster, packing: TiffPacking, index: number): Uint8Array {
  const segment = segmentAt(raster, packing, index);
  const { depth } = raster;
  const rowSamples = segment.width * segment.channels;
  const rowBytes = packedLength(rowSamples, depth);
  const bytes = new Uint8Array(rowBytes * segment.height);
  for (let y = 0; y < segment.height; y++) {
    const row = segmentRow(raster, packing, segment, y);
    if (packing.differences) subtractNeighbours(row, segment.channels);
    packSamples(row, depth, bytes.subarray(y * rowBytes, (y + 1) * rowBytes));
  }
  if (depth === 16 && !packing.bigEndian) reverseUnits(bytes, 2);
  return packing.reversedBits ? reverseBits(bytes) : bytes;
}

/** Returns the samples of one row of a segment. */
function segmentRow(raster: Raster, packing: TiffPacking, segment: Segment, row: number): Samples {
  const { width, channels } = segment;
  const target = allocateSamples(width * channels, raster.depth);
  const origin = originOfRow(raster, packing, segment, row);
  if (origin === null) return target;
  const { x, y } = origin;
  const inside = Math.min(width, raster.width - x);
  copySamples(raster, packing, segment, x, y, target.subarray(0, inside * channels));
  const outside = target.subarray(inside * channels);
  if (packing.padding === 'replicated') {
    for (let i = inside * channels; i < target.length; i++) target[i] = target[i - channels]!;
  } else if (packing.padding === 'kept' && x >= width) {
    copySamples(raster, packing, segment, x - width + inside, y, outside);
  }
  return target;
}

/** Returns where in the image a row of a segment begins; null for a row of zeros. */
function originOfRow(
  raster: Raster,
  { padding, width, height }: TiffPacking,
  segment: Segment,
  row: number,
): { x: number; y: number } | null {
  const { x, y } = segment;
  if (y + row < raster.height) return { x, y: y + row };
  if (padding === 'replicated') return { x, y: raster.height - 1 };
  // The last tile with such a row is the last one of the row of tiles above.
  if (padding === 'kept' && y > 0) return { x: (Math.ceil(raster.width / width) - 1) * width, y: y - height + row };
  return null;
}

/** Copies the segment's channels of as many pixels as the target holds, from a pixel of the image on. */
function copySamples(
  { width, channels: all, depth, samples }: Raster,
  { inverted }: TiffPacking,
  { channel, channels }: Segment,
  x: number,
  y: number,
  target: Samples,
): void {
  const from = (y * width + x) * all + channel;
  if (channels === all) target.set(samples.subarray(from, from + target.length));
  else for (let i = 0; i < target.length; i++) target[i] = samples[from + i * all]!;
  if (!inverted) return;
  const full = 2 ** depth - 1;
  for (let i = 0; i < target.length; i += channels) target[i] = full - target[i]!;
}

function subtractNeighbours(row: Samples, channels: number): void {
  for (let i = row.length - 1; i >= channels; i--) row[i] = row[i]! - row[i - channels]!; // modulo 2^depth
}

/** Reverses the bits of each byte in place. */
function reverseBits(bytes: Uint8Array): Uint8Array {
  for (let i = 0; i < bytes.length; i++) {
    let byte = bytes[i]!;
    byte = ((byte & 0x0f) << 4) | (byte >> 4);
    byte = ((byte & 0x33) << 2) | ((byte & 0xcc) >> 2);
    bytes[i] = ((byte & 0x55) << 1) | ((byte & 0xaa) >> 1);
  }
  return bytes;
}
