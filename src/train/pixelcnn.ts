import type { PixelCnnSpec } from '../model/pixelcnn.js';
import { PixelCnnNetwork } from '../model/tfjs/pixelcnn.js';
import { randomCrop } from './dataset.js';
import { type Batch, makeBatch, meanNats } from './objective.js';
import { ScheduledRmsProp } from './optimizer.js';
import { Random } from './random.js';
import type { BatchOptions, BatchSource, Trainable } from './trainable.js';

/** How PixelCNN is trained: by RMSProp on random crops, each as if it were a whole image. */
export const pixelCnnTraining: Trainable<PixelCnnSpec, PixelCnnNetwork, Batch> = {
  largestCrop: Infinity,
  network: (spec, weights) =>
    new PixelCnnNetwork(spec, weights instanceof Random ? { random: () => weights.normal() } : weights),
  batches: randomCrops,
  loss: meanNats,
  lossOfBit: Math.LN2,
  optimizer: ({ momentum }) => new ScheduledRmsProp(momentum),
};

function randomCrops({ images, spec, settings, position, random }: BatchOptions<PixelCnnSpec>): BatchSource<Batch> {
  const { batch, crop } = settings;
  const crops = new Random(position ?? random.state);
  return {
    get position() {
      return crops.state;
    },
    next: () => {
      const samples = Array.from({ length: batch }, () => randomCrop(images, crop, spec.channels, crops));
      return Promise.resolve(makeBatch(samples, crop, crop, spec));
    },
    close: () => Promise.resolve(),
  };
}
