import * as tf from '@tensorflow/tfjs-core';
import { type MultiScaleSpec, scaleFactors } from '../model/multi-scale.js';
import { MultiScaleNetwork } from './networks/multi-scale.js';
import { subsample, subsampledSize } from '../subsample.js';
import { crops } from './crops.js';
import { type Batch, makeBatch, sumOfNats } from './objective.js';
import { Random } from './random.js';
import type { Trainable } from './trainable.js';

/** Training of Multi-Scale PixelRNN: all networks at once, each on its scale of the same crops. */
export const multiScaleTraining: Trainable<MultiScaleSpec, MultiScaleNetwork, readonly Batch[]> = {
  maxCrop: Infinity,
  network: (spec, weights) =>
    new MultiScaleNetwork(spec, weights instanceof Random ? { random: () => weights.normal() } : weights),
  batches: (options) => crops(options, (samples, side) => scaleBatches(samples, side, options.spec)),
  loss: meanNatsOfScales,
  lossOfBit: Math.LN2,
};

/** Returns a batch of square images for each scale, smallest first. */
function scaleBatches(images: readonly Uint8Array[], side: number, spec: MultiScaleSpec): Batch[] {
  const { channels, scales } = spec;
  const factors = scaleFactors(spec);
  return scales.map((scale, i) => {
    const factor = factors[i] as number;
    const whole = { width: side, height: side };
    const small = images.map((samples) => subsample(samples, whole, channels, factor));
    const { width, height } = subsampledSize(whole, factor);
    return makeBatch(small, width, height, scale);
  });
}

/** Returns the mean of -ln p per sample, in nats: each sample is coded at one scale, so the scales' sums add up. */
function meanNatsOfScales({ scales }: MultiScaleNetwork, batches: readonly Batch[]): tf.Scalar {
  const sums = scales.map((network, i) => sumOfNats(network, batches[i] as Batch));
  const whole = batches.at(-1) as Batch;
  const sum = sums.reduce((total, part) => tf.add(total, part));
  return tf.mul(sum, 1 / whole.targets.length);
}
