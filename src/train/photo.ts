import type { PhotoSpec } from '../model/photo.js';
import { PhotoNetwork, type PhotoTiles } from './networks/photo.js';
import { PhotoBatches } from './photo-batches.js';
import { MAX_PIECE_SIDE } from './photo-pieces.js';
import type { Trainable } from './trainable.js';

/** Training of the photo model: AdamW on crops of the features that the engine computes from larger pieces of images. */
export const photoTraining: Trainable<PhotoSpec, PhotoNetwork, PhotoTiles> = {
  maxCrop: MAX_PIECE_SIDE,
  network: (spec, weights) => new PhotoNetwork(spec, weights),
  batches: (options) => new PhotoBatches(options),
  loss: (network, batch) => network.meanBits(batch),
  lossOfBit: 1,
};
