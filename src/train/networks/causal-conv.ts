import * as tf from '@tensorflow/tfjs-core';
import { CAUSAL_TAPS } from '../../model/masks.js';

/** Taps of the 2x3 kernel that tfjs uses. */
const KERNEL_TAPS = 6;

/**
 * Causal 3x3 convolution without bias, zero outside the image: x [b, y, x, inputs] and weight
 * [CAUSAL_TAPS * inputs, outputs], ordered by tap, to [pixels, outputs]. Computed as a 2x3 kernel with zeros for the tap
 * to the right of the pixel.
 */
export function causalConv(x: tf.Tensor4D, weight: tf.Tensor2D): tf.Tensor2D {
  const inputs = x.shape[3];
  const outputs = weight.shape[1];
  const margins: [number, number][] = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 0],
  ];
  const zeroTaps: [number, number][] = [
    [0, (KERNEL_TAPS - CAUSAL_TAPS) * inputs],
    [0, 0],
  ];
  const kernel = tf.reshape<tf.Rank.R4>(tf.pad(weight, zeroTaps), [2, 3, inputs, outputs]);
  return tf.reshape(tf.conv2d(tf.pad(x, margins), kernel, 1, 'valid'), [-1, outputs]);
}
