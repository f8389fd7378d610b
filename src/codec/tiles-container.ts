import { DEFAULT_EFFORT, type Effort } from '../effort.js';
import type { RasterShape } from '../image/raster.js';
import type { Model } from '../model/model.js';
import { type ModelReference, referenceOf } from '../model/registry.js';
import type { Channels } from '../samples.js';
import { colourChannels, type Container, type TileChunk, type TilePart } from './container-layout.js';
import type { Models } from './models.js';
import { decodeOriginPayload } from './origin-payload.js';
import { codedPlanes } from './planes-payload.js';

/** The contents of a file that do not depend on how the samples are stored. */
export interface FileContent {
  readonly shape: RasterShape;
  readonly metadata: readonly Uint8Array[];
  /** See `samplesDigest`. */
  readonly digest: Uint8Array;
}

/** How the tiles were coded. */
export interface TilesCoding {
  readonly models: Models;
  readonly effort: Effort;
  readonly activeAlphabet: { readonly payload: Uint8Array } | null;
}

/** Returns the container of coded tiles. It names models and the active alphabet only if a tile needs them. */
export function tilesContainer(
  { shape, metadata, digest }: FileContent,
  image: readonly TileChunk[],
  { models, effort, activeAlphabet }: TilesCoding,
): Container {
  const { width, height, channels, depth, indexed } = shape;
  const reference = (model: Model | null, count: 1 | 3): ModelReference | null => {
    const isUsed = image.some((tile) => modelledChannels(tile, channels).includes(count));
    return model && isUsed ? referenceOf(model) : null;
  };
  const rgbModel = reference(models.rgb, 3);
  const grayModel = reference(models.gray, 1);
  const needsModel = rgbModel !== null || grayModel !== null;
  return {
    header: {
      ...{ width, height, channels, depth, indexed, rgbModel, grayModel },
      effort: needsModel ? effort : DEFAULT_EFFORT,
    },
    metadata,
    restoration: null,
    activeAlphabet: needsModel && activeAlphabet ? activeAlphabet.payload : null,
    image,
    digest,
  };
}

/** Returns the number of channels of each part of a tile that is coded with a model. */
function modelledChannels(tile: TileChunk, channels: Channels): Channels[] {
  const parts: (readonly [TilePart | null, Channels])[] = [
    [tile.alpha, 1],
    [tile.colours, colourChannels(channels, tile)],
  ];
  return parts.flatMap(([part, count]) => {
    if (part?.representation === 'planes') return modelledPlanes(part);
    return part?.representation === 'model' ? [count] : [];
  });
}

function modelledPlanes({ payload }: TilePart): Channels[] {
  const coded = decodeOriginPayload(payload);
  if (!('luma' in coded)) return [];
  const planes = codedPlanes(coded, { width: 1, height: 1 });
  return planes.flatMap(({ part, channels }) => (part.representation === 'model' ? [channels] : []));
}
