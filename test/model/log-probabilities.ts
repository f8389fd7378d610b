import * as tf from '@tensorflow/tfjs-core';

/**
 * Returns ln q of every class under the model before the engine quantizes it (`assembly/coder/frequencies.ts`): q = (1
 * - 2^-14) p + 2^-22, where p is the softmax. Logits [n, 256] to [n, 256].
 */
export function logProbabilities(logits: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.log(tf.add<tf.Tensor2D>(tf.mul(tf.softmax(logits), 1 - 2 ** -14), 2 ** -22)));
}
