import * as tf from '@tensorflow/tfjs-core';

/** max(x, 0). The gradient needs two passes over the tensor, that of tfjs five. */
export function relu<T extends tf.Tensor>(x: T): T {
  const op = tf.customGrad((given, save) => {
    const value = tf.relu(given as tf.Tensor);
    (save as tf.GradSaveFunc)([value]);
    return { value, gradFunc: (dy: tf.Tensor, [kept]: tf.Tensor[]) => tf.mul(dy, tf.sign(kept as tf.Tensor)) };
  });
  return op(x) as T;
}
