import { DEFAULT_EFFORT } from '../effort.js';
import { type Channels, type Depth, DEPTHS, packedLength } from '../samples.js';
import {
  colourChannels,
  type ContainerHeader,
  hasAlpha,
  isByMainModel,
  MAX_SIDE,
  MODEL_ID_BYTES,
  payloadLengthFault,
  type TileChunk,
  type TilePart,
} from './container-layout.js';
import { coefficientsFault } from './coefficients-rules.js';
import { decodeOriginPayload } from './origin-payload.js';
import { codedPlanes } from './planes-payload.js';
import type { Size } from '../subsample.js';
import type { Tile } from './tile-grid.js';

/*
 * Rules that the parser and the writer enforce. Each returns the predicate of a sentence about the faulty part, or
 * null.
 */

export function sizeFault({ width, height }: Size): string | null {
  const isValid = [width, height].every((side) => Number.isInteger(side) && side >= 1 && side <= MAX_SIDE);
  return isValid ? null : `has the invalid image size ${width} x ${height}`;
}

export function headerFault(header: ContainerHeader): string | null {
  const { width, height, channels, depth, indexed, rgbModel, grayModel, effort } = header;
  const fault = sizeFault({ width, height });
  if (fault !== null) return fault;
  if (!DEPTHS.includes(depth)) return `has an invalid depth of ${depth} bits`;
  if (depth < 8 && channels > 1) return `combines ${depth} bits per sample with ${channels} channels, which is invalid`;
  if (indexed && (channels > 1 || depth > 8)) return 'declares a palette for samples that cannot be indices';
  if (rgbModel !== null && channels < 3) return 'names an RGB model for an image without RGB';
  for (const reference of [rgbModel, grayModel]) {
    const isValid =
      reference === null ||
      (typeof reference === 'number' ? reference >= 1 && reference <= 255 : reference.length === MODEL_ID_BYTES);
    if (!isValid) return 'has an invalid model reference';
  }
  const coded = rgbModel !== null || grayModel !== null;
  if (!coded && effort !== DEFAULT_EFFORT) return `has the effort ${effort}, but names no model`;
  return null;
}

export function tileFault(chunk: TileChunk, header: ContainerHeader, tile: Tile): string | null {
  const { alpha, colours, isGray } = chunk;
  const { channels, depth } = header;
  if (alpha !== null && !hasAlpha(channels)) return 'has alpha, but the image has none';
  if (isGray && (channels < 3 || (alpha === null && hasAlpha(channels)))) return 'must not be marked as gray';
  const count = colourChannels(channels, chunk);
  return (
    (alpha && partFault(alpha, 1, tile, header)) ??
    partFault(colours, count, tile, header) ??
    hiddenColourFault(chunk, count, depth)
  );
}

/** Checks that the header names a model that may need chunks of small images. */
export function smallImagesFault({ channels, rgbModel, grayModel }: ContainerHeader): string | null {
  return (channels >= 3 ? rgbModel : grayModel) === null ? 'needs a model, but the header names none' : null;
}

/** Checks that a tile has a payload in each of the file's `count` chunks of small images, or none if it needs none. */
export function smallerFault(chunk: TileChunk, header: ContainerHeader, tile: Tile, count: number): string | null {
  const { alpha, colours } = chunk;
  const { smaller = [] } = colours;
  if (alpha?.smaller) return 'has small images of alpha';
  if (!isByMainModel(chunk)) return smaller.length > 0 ? 'has small images that it does not need' : null;
  if (smaller.length !== count || smaller.some(({ length }) => length === 0)) return 'lacks a small image';
  // The single gray model of such an image has several scales, but small images of alpha cannot be stored.
  if (count > 0 && header.channels === 2 && alpha?.representation === 'model')
    return 'has alpha without its small images';
  return (
    smaller.map((payload, i) => smallLengthFault(payload, header, tile, count - i)).find((f) => f !== null) ?? null
  );
}

/**
 * Checks the length of a small image's payload, with `larger` scales after it. Its exact size depends on the model, but
 * its sides are at most half of those of the next scale.
 */
export function smallLengthFault(
  payload: Uint8Array,
  { channels, depth }: ContainerHeader,
  { width, height }: Tile,
  larger: number,
): string | null {
  const factor = 2 ** larger;
  const samples = Math.ceil(width / factor) * Math.ceil(height / factor) * (channels >= 3 ? 3 : 1);
  const max = packedLength(samples, depth);
  return payload.length <= max ? null : `has ${payload.length} bytes of a small image, more than the maximum of ${max}`;
}

function partFault(part: TilePart, channels: Channels, size: Size, header: ContainerHeader): string | null {
  const { depth, rgbModel, grayModel } = header;
  const fault = payloadLengthFault(part, size.width * size.height * channels, depth);
  if (fault !== null) return fault;
  if (part.representation === 'planes') return planesFault(part, channels, size, header);
  if (part.representation !== 'model') return null;
  if (hasAlpha(channels)) return 'is coded with a model, which requires separate alpha';
  const model = channels === 1 ? grayModel : rgbModel;
  return model === null ? 'is coded with a model, but the header names none' : null;
}

function planesFault({ payload }: TilePart, channels: Channels, size: Size, header: ContainerHeader): string | null {
  const coded = decodeOriginPayload(payload);
  if ('coefficients' in coded) {
    const { exceptions } = coded;
    return (
      coefficientsFault(coded, channels, size, header.depth) ??
      (exceptions && partFault(exceptions, channels, size, header))
    );
  }
  if (channels !== 3 || header.depth !== 8) return 'has luma and chroma, but is not RGB of 8 bits';
  const { exceptions } = coded;
  if (exceptions?.representation === 'model') return 'has exceptions that are coded with a model';
  return (
    codedPlanes(coded, size)
      .map(
        ({ part, channels, samples, ...plane }) =>
          payloadLengthFault(part, samples, header.depth) ?? partFault(part, channels, plane, header),
      )
      .find((fault) => fault !== null) ??
    (exceptions && partFault(exceptions, 3, size, header))
  );
}

function hiddenColourFault({ alpha, colours, hiddenColour }: TileChunk, count: Channels, depth: Depth): string | null {
  if (hiddenColour === null) return null;
  const isPossible =
    alpha !== null &&
    colours.representation === 'model' &&
    hiddenColour.length === count &&
    hiddenColour.every((value) => value < 2 ** depth);
  return isPossible ? null : 'has an invalid hidden colour';
}
