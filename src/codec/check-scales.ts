import { PixrnnError } from '../errors.js';
import { type Channels, type Depth, packedLength } from '../samples.js';
import { colourChannels, type Container, isStored, type TileChunk, type TilePart } from './container-layout.js';
import type { Models } from './models.js';
import { type Scale, scalesOf } from './scales.js';
import { decodeOriginPayload } from './origin-payload.js';
import { codedPlanes } from './planes-payload.js';
import { type Size, subsampledSize } from '../subsample.js';
import { type Tile, tileGrid } from './tile-grid.js';

/* Checks of a container that need its models: the number and the sizes of the small images. */

/**
 * Throws `file-corrupt` unless every part coded with a model has one small image for each scale before the last, none
 * longer than its samples.
 */
export function requireScales({ header, image }: Pick<Container, 'header' | 'image'>, models: Models): void {
  if (isStored(image)) return;
  const grid = tileGrid(header.width, header.height);
  image.forEach((chunk, i) => requireTileScales(chunk, grid[i] as Tile, header, models));
}

/** Throws `file-corrupt` like `requireScales`, for one tile. */
export function requireTileScales(
  chunk: TileChunk,
  tile: Tile,
  { channels, depth }: Container['header'],
  models: Models,
): void {
  if (chunk.alpha) requirePartScales(chunk.alpha, 1, tile, depth, models);
  requirePartScales(chunk.colours, colourChannels(channels, chunk), tile, depth, models);
}

function requirePartScales(
  { representation, payload, smaller = [] }: TilePart,
  channels: Channels,
  tile: Size,
  depth: Depth,
  models: Models,
): void {
  if (representation === 'planes') {
    const coded = decodeOriginPayload(payload);
    if (!('luma' in coded)) return;
    for (const plane of codedPlanes(coded, tile)) requirePartScales(plane.part, plane.channels, plane, depth, models);
    return;
  }
  const model = channels === 1 ? models.gray : models.rgb;
  if (representation !== 'model' || !model) return;
  const scales = scalesOf(model);
  if (smaller.length !== scales.length - 1) {
    const what = `it contains ${smaller.length} small images, but its model needs ${scales.length - 1}`;
    throw new PixrnnError('file-corrupt', `${what}. Get the file again.`);
  }
  smaller.forEach((payload, i) => requireSmallLength(payload, scales[i] as Scale, tile, channels, depth));
}

/** Throws `file-corrupt` if the payload of a small image is longer than its samples. */
export function requireSmallLength(
  { length }: Uint8Array,
  { factor }: Scale,
  tile: Size,
  channels: Channels,
  depth: Depth,
): void {
  const { width, height } = subsampledSize(tile, factor);
  const max = packedLength(width * height * channels, depth);
  if (length <= max) return;
  const what = `it contains a small image of ${width} x ${height} in ${length} bytes, more than the maximum of ${max}`;
  throw new PixrnnError('file-corrupt', `${what}. Get the file again.`);
}
