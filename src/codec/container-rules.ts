import { DEFAULT_EFFORT } from '../engine/effort.js';
import { type Channels, type Depth, DEPTHS, packedLength } from '../samples.js';
import {
  colourChannels,
  type Container,
  type ContainerHeader,
  hasAlpha,
  isByMainModel,
  MAX_SIDE,
  MODEL_ID_BYTES,
  payloadLengthFault,
  type TileChunk,
  type TilePart,
} from './container-layout.js';
import type { Tile } from './tile-grid.js';

/* What reader and writer both refuse: the rest of a sentence that begins with what is at fault, or null. */

export function headerFault(header: ContainerHeader): string | null {
  const { width, height, channels, depth, indexed, rgbModel, grayModel, effort } = header;
  for (const side of [width, height]) {
    if (!(Number.isInteger(side) && side >= 1 && side <= MAX_SIDE)) {
      return `gives ${width} x ${height} as the size of the image`;
    }
  }
  if (!DEPTHS.includes(depth)) return `gives ${depth} bits a sample, which cannot be`;
  if (depth < 8 && channels > 1) return `gives ${depth} bits a sample and ${channels} channels, which cannot be`;
  if (indexed && (channels > 1 || depth > 8)) return 'gives a palette to an image that cannot have one';
  if (rgbModel !== null && channels < 3) return 'names a model for RGB, which the image is not';
  for (const reference of [rgbModel, grayModel]) {
    const sound =
      reference === null ||
      (typeof reference === 'number' ? reference >= 1 && reference <= 255 : reference.length === MODEL_ID_BYTES);
    if (!sound) return 'names a model in a way that cannot be';
  }
  const coded = rgbModel !== null || grayModel !== null;
  if (!coded && effort !== DEFAULT_EFFORT) return `gives the effort ${effort}, but no model`;
  return null;
}

/** Of a PNG's stream, which needs nothing beside it. */
export function streamFault({ header, activeAlphabet }: Pick<Container, 'header' | 'activeAlphabet'>): string | null {
  const { rgbModel, grayModel } = header;
  return rgbModel === null && grayModel === null && activeAlphabet === null ? null : 'stands beside models or values';
}

export function tileFault(chunk: TileChunk, header: ContainerHeader, tile: Tile): string | null {
  const { alpha, colours, isGray } = chunk;
  const { channels, depth } = header;
  if (alpha !== null && !hasAlpha(channels)) return 'has alpha, which the image does not have';
  if (isGray && (channels < 3 || (alpha === null && hasAlpha(channels)))) return 'is gray in a way that cannot be';
  const pixels = tile.width * tile.height;
  const count = colourChannels(channels, chunk);
  return (
    (alpha && partFault(alpha, 1, pixels, header)) ??
    partFault(colours, count, pixels, header) ??
    hiddenColourFault(chunk, count, depth)
  );
}

/** Of chunks of small images, where there are any: whether a model can need them. */
export function smallImagesFault({ channels, rgbModel, grayModel }: ContainerHeader): string | null {
  return (channels >= 3 ? rgbModel : grayModel) === null ? 'goes with a model, and the header names none for it' : null;
}

/** Whether a tile has a payload in each of the file's `count` chunks of small images, or none where it needs none. */
export function smallerFault(chunk: TileChunk, header: ContainerHeader, tile: Tile, count: number): string | null {
  const { alpha, colours } = chunk;
  const { smaller = [] } = colours;
  if (alpha?.smaller) return 'has small images of alpha';
  if (!isByMainModel(chunk)) return smaller.length > 0 ? 'has small images, which nothing needs' : null;
  if (smaller.length !== count || smaller.some(({ length }) => length === 0)) return 'lacks a small image';
  // The one gray model of such an image has several scales, and those of alpha have no place.
  if (count > 0 && header.channels === 2 && alpha?.representation === 'model')
    return 'has alpha without its small images';
  return (
    smaller.map((payload, i) => smallLengthFault(payload, header, tile, count - i)).find((f) => f !== null) ?? null
  );
}

/**
 * Of the payload of a small image after which `larger` scales follow: only the model knows how large it is, but from scale to scale the
 * sides grow twofold at least.
 */
export function smallLengthFault(
  payload: Uint8Array,
  { channels, depth }: ContainerHeader,
  { width, height }: Tile,
  larger: number,
): string | null {
  const factor = 2 ** larger;
  const samples = Math.ceil(width / factor) * Math.ceil(height / factor) * (channels >= 3 ? 3 : 1);
  const most = packedLength(samples, depth);
  return payload.length <= most ? null : `has ${payload.length} bytes of a small image, where ${most} are the most`;
}

function partFault(
  part: TilePart,
  channels: Channels,
  pixels: number,
  { depth, rgbModel, grayModel }: ContainerHeader,
): string | null {
  const fault = payloadLengthFault(part, pixels * channels, depth);
  if (fault !== null || part.representation !== 'model') return fault;
  if (hasAlpha(channels)) return 'is coded with a model, which takes alpha apart';
  const model = channels === 1 ? grayModel : rgbModel;
  return model === null ? 'is coded with a model, but the header names none' : null;
}

function hiddenColourFault({ alpha, colours, hiddenColour }: TileChunk, count: Channels, depth: Depth): string | null {
  if (hiddenColour === null) return null;
  const isPossible =
    alpha !== null &&
    colours.representation === 'model' &&
    hiddenColour.length === count &&
    hiddenColour.every((value) => value < 2 ** depth);
  return isPossible ? null : 'has a hidden colour that cannot be';
}
