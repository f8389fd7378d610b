import type { PhotoSpec } from '../model/photo.js';
import { PhotoNetwork, type PhotoTiles } from './networks/photo.js';
import { adamW } from './adamw.js';
import { PhotoBatches } from './photo-batches.js';
import { LARGEST_PIECE } from './photo-pieces.js';
import type { Trainable } from './trainable.js';

/** How the photo model is trained: by AdamW on crops of what the engine makes of larger pieces of images. */
export const photoTraining: Trainable<PhotoSpec, PhotoNetwork, PhotoTiles> = {
  largestCrop: LARGEST_PIECE,
  network: (spec, weights) => new PhotoNetwork(spec, weights),
  batches: (options) => new PhotoBatches(options),
  loss: (network, batch) => network.meanBits(batch),
  lossOfBit: 1,
  updateRule: ({ momentum }) => adamW(momentum),
};
