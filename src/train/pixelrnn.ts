import type { PixelRnnSpec } from '../model/pixelrnn/spec.js';
import { PixelRnnNetwork } from './networks/pixelrnn.js';
import { crops } from './crops.js';
import { type Batch, makeBatch, meanNats } from './objective.js';
import { Random } from './random.js';
import type { Trainable } from './trainable.js';

/** Training of the paper's networks: random crops, each treated as a whole image. */
export const pixelRnnTraining: Trainable<PixelRnnSpec, PixelRnnNetwork, Batch> = {
  maxCrop: Infinity,
  network: (spec, weights) =>
    new PixelRnnNetwork(spec, weights instanceof Random ? { random: () => weights.normal() } : weights),
  batches: (options) => crops(options, (samples, side) => makeBatch(samples, side, side, options.spec)),
  loss: meanNats,
  lossOfBit: Math.LN2,
};
