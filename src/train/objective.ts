import * as tf from '@tensorflow/tfjs-core';
import { centreValues, gatherInputs, inputWidth, softmaxClasses } from '../model/frame.js';
import { outputOf, type PixelRnnSpec } from '../model/pixelrnn/spec.js';
import { CONDITION_TAPS } from '../model/pixelrnn/tensors.js';
import { baseValuesGiven, gatherSmallInputs } from '../model/small-image.js';
import { bernoulliSum, crossEntropySum } from './networks/likelihood.js';
import { mixtureBitsSum } from './networks/mixture.js';
import type { SmallBatch } from './networks/upsampler.js';
import { subsample, subsampledSize } from '../subsample.js';

/** Input of a network: images of one size, pixels in raster order, image by image. */
export interface Batch {
  readonly shape: { readonly batch: number; readonly height: number; readonly width: number };
  /** [pixels][inputWidth] */
  readonly inputs: Float32Array;
  /** Targets of the likelihood, [pixels][channels]: softmax classes, or samples for other outputs. */
  readonly targets: Int32Array;
  /** Centres to which a mixture of logistics adds its means, [pixels][channels]; null for other outputs. */
  readonly centres: Float32Array | null;
  /** Small images that a conditional network is conditioned on. */
  readonly small: SmallImages | null;
}

interface SmallImages {
  readonly height: number;
  readonly width: number;
  /** [small pixels][9 * channels] */
  readonly inputs: Float32Array;
  /** 0 for samples of pixels in the small image, else 1: [pixels][channels]. */
  readonly unknown: Float32Array;
}

/** A network as the loss uses it: `outputs` returns [pixels * channels, .] for a batch. */
export interface Predictor {
  readonly spec: PixelRnnSpec;
  outputs(inputs: tf.Tensor2D, shape: Batch['shape'], small?: SmallBatch): tf.Tensor2D;
}

/**
 * Builds a batch from images of one size, each [height][width][channels]. The small images of a conditional network are
 * subsampled from them.
 */
export function makeBatch(
  images: readonly Uint8Array[],
  width: number,
  height: number,
  spec: Pick<PixelRnnSpec, 'channels' | 'frame' | 'output' | 'condition'>,
): Batch {
  const { channels, frame, output, condition } = spec;
  const pixels = width * height;
  const columns = inputWidth(channels);
  const inputs = new Float32Array(images.length * pixels * columns);
  const targets = new Int32Array(images.length * pixels * channels);
  const centres = output === 'logistics' ? new Float32Array(targets.length) : null;
  const factor = condition?.factor ?? 1;
  const size = subsampledSize({ width, height }, factor);
  const smallWidth = size.width * channels * CONDITION_TAPS;
  const smallInputs = new Float32Array(condition ? images.length * size.height * smallWidth : 0);

  images.forEach((samples, i) => {
    const seen = output === 'bernoulli' ? samples.map((bit) => 255 * bit) : samples;
    const small = condition && subsample(seen, { width, height }, channels, factor);
    const base = baseValuesGiven(small && { samples: small, factor }, seen, width, channels, frame);
    const part = inputs.subarray(i * pixels * columns, (i + 1) * pixels * columns);
    gatherInputs(seen, base, width, height, channels, part);
    targets.set(output === undefined ? softmaxClasses(samples, base, channels, frame) : samples, i * seen.length);
    centres?.set(centreValues(samples, base, channels, frame), i * seen.length);
    if (!small) return;
    const own = gatherSmallInputs(small, size.width, size.height, channels, frame);
    smallInputs.set(own, i * own.length);
  });
  const small = condition && {
    ...size,
    inputs: smallInputs,
    unknown: unknownSamples(images.length, width, height, channels, factor),
  };
  return { shape: { batch: images.length, height, width }, inputs, targets, centres, small: small ?? null };
}

function unknownSamples(images: number, width: number, height: number, channels: number, factor: number): Float32Array {
  const row = width * channels;
  return Float32Array.from({ length: images * height * row }, (_, i) => {
    const y = Math.floor(i / row) % height;
    const x = Math.floor((i % row) / channels);
    return x % factor === 0 && y % factor === 0 ? 0 : 1;
  });
}

/** Returns the sum of -ln p over the coded samples of a batch, in nats, as a tensor with gradients. */
export function sumOfNats(network: Predictor, batch: Batch): tf.Scalar {
  const { shape, inputs, targets, small } = batch;
  const pixels = shape.batch * shape.height * shape.width;
  const rows = (values: Float32Array, count: number): tf.Tensor2D =>
    tf.tensor2d(values, [count, values.length / count]);
  const known = small ? { ...small, inputs: rows(small.inputs, shape.batch * small.height * small.width) } : undefined;
  const outputs = network.outputs(rows(inputs, pixels), shape, known);
  const column = (values: Float32Array | Int32Array): tf.Tensor2D => tf.tensor2d(values, [values.length, 1], 'float32');
  const weights = small ? column(small.unknown) : undefined;
  const { components = 0 } = network.spec;
  switch (outputOf(network.spec)) {
    case 'softmax':
      return crossEntropySum(outputs, tf.tensor1d(targets, 'int32'), weights);
    case 'bernoulli':
      return bernoulliSum(outputs, column(targets));
    case 'logistics': {
      const centres = column(batch.centres as Float32Array);
      return tf.mul(mixtureBitsSum(outputs, components, centres, column(targets), weights), Math.LN2);
    }
  }
}

/** Returns the mean of -ln p over all samples of a batch, in nats. */
export function meanNats(network: Predictor, batch: Batch): tf.Scalar {
  return tf.mul(sumOfNats(network, batch), 1 / batch.targets.length);
}
