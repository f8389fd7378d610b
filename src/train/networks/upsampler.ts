import * as tf from '@tensorflow/tfjs-core';
import type { Condition } from '../../model/pixelrnn/spec.js';
import type { MaskedLayers } from './masked-layers.js';
import { relu } from './relu.js';

/** The small images of a batch: their size, and their 3x3 windows, [b * small height * small width, 9C]. */
export interface SmallBatch {
  readonly inputs: tf.Tensor2D;
  readonly height: number;
  readonly width: number;
}

/**
 * Returns the upsampled map of the small images, [b, y, x, c] (paper, section 3.6): a convolution, then a deconvolution whose
 * kernel is as large as its stride.
 */
export function upsampled(
  layers: MaskedLayers,
  { factor, features }: Condition,
  small: SmallBatch,
  shape: { readonly batch: number; readonly height: number; readonly width: number },
): tf.Tensor4D {
  const convolved = relu(layers.dense(small.inputs, 'upsample.conv'));
  const blocks = relu(layers.dense(convolved, 'upsample.deconv')); // [small pixels, factor * factor * c]
  const { batch, height, width } = shape;
  const apart = tf.reshape(blocks, [batch * small.height, small.width, factor, factor * features]);
  const rows = tf.transpose(apart, [0, 2, 1, 3]); // [b * small y, y in the block, small x, x in the block * c]
  const whole = tf.reshape<tf.Rank.R4>(rows, [batch, small.height * factor, small.width * factor, features]);
  return tf.slice(whole, [0, 0, 0, 0], [batch, height, width, features]);
}
