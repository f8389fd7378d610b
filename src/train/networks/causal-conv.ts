import * as tf from '@tensorflow/tfjs-core';
import { CAUSAL_TAPS } from '../../model/masks.js';

/** Of the 2x3 kernel as which tfjs computes it. */
const KERNEL_TAPS = 6;

/**
 * A causal 3x3 convolution without bias: x [b, y, x, inputs], zero outside of the image, and weight
 * [CAUSAL_TAPS * inputs, outputs], tap by tap, to [pixels, outputs]. As a 2x3 kernel that lacks the tap to the right.
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
  const lacking: [number, number][] = [
    [0, (KERNEL_TAPS - CAUSAL_TAPS) * inputs],
    [0, 0],
  ];
  const kernel = tf.reshape<tf.Rank.R4>(tf.pad(weight, lacking), [2, 3, inputs, outputs]);
  return tf.reshape(tf.conv2d(tf.pad(x, margins), kernel, 1, 'valid'), [-1, outputs]);
}
