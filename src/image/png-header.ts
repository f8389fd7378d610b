import { viewOf } from '../bytes.js';
import type { Channels, Depth } from '../samples.js';
import type { PngChunk } from './png-chunks.js';
import { unreadable } from './refusals.js';
import type { RasterShape } from './raster.js';

/** An IHDR chunk. */
export interface PngHeader extends RasterShape {
  /** 0 gray, 2 RGB, 3 palette, 4 gray with alpha, 6 RGB with alpha. */
  readonly colourType: number;
  readonly interlaced: boolean;
}

/** Colour types, their channels and their permitted depths (PNG 3rd edition, table 8). */
const KINDS = new Map<number, { channels: Channels; depths: readonly number[] }>([
  [0, { channels: 1, depths: [1, 2, 4, 8, 16] }],
  [2, { channels: 3, depths: [8, 16] }],
  [3, { channels: 1, depths: [1, 2, 4, 8] }],
  [4, { channels: 2, depths: [8, 16] }],
  [6, { channels: 4, depths: [8, 16] }],
]);

/**
 * Parses the fields of an IHDR chunk.
 * @throws PixrnnError 'input-unreadable' for values that PNG does not define
 */
export function parseHeader(data: Uint8Array): PngHeader {
  if (data.length !== 13) throw damaged(`its IHDR chunk has ${data.length} bytes instead of 13`);
  const view = viewOf(data);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  if (width === 0 || height === 0) throw damaged(`its IHDR chunk gives a size of ${width} x ${height} pixels`);
  if (width > 0x7fffffff || height > 0x7fffffff) throw damaged('its IHDR chunk gives a size out of range');
  const [depth, colourType] = [view.getUint8(8), view.getUint8(9)];
  const kind = KINDS.get(colourType);
  if (!kind) throw damaged(`its IHDR chunk has the undefined colour type ${colourType}`);
  if (!kind.depths.includes(depth)) {
    throw damaged(`its IHDR chunk has ${depth} bits for colour type ${colourType}, which PNG does not allow`);
  }
  for (const [offset, method] of [[10, 'compression'] as const, [11, 'filter'] as const]) {
    if (view.getUint8(offset) !== 0) throw damaged(`its IHDR chunk has an undefined ${method} method`);
  }
  if (view.getUint8(12) > 1) throw damaged('its IHDR chunk has an undefined interlace method');
  return {
    width,
    height,
    channels: kind.channels,
    depth: depth as Depth,
    indexed: colourType === 3,
    colourType,
    interlaced: view.getUint8(12) === 1,
  };
}

/** Returns the IHDR chunk of an image. */
export function headerChunk(
  { width, height, channels, depth, indexed }: RasterShape,
  interlaced: boolean = false,
): PngChunk {
  const data = new Uint8Array(13);
  viewOf(data).setUint32(0, width);
  viewOf(data).setUint32(4, height);
  data.set([depth, indexed ? 3 : [0, 4, 2, 6][channels - 1]!], 8);
  data[12] = interlaced ? 1 : 0;
  return { type: 'IHDR', data };
}

function damaged(what: string): Error {
  return unreadable(`the PNG file is damaged: ${what}`);
}
