import * as tf from '@tensorflow/tfjs-core';

/**
 * ln q of every class under the model, as the engine has it before it quantises (`assembly/coder/frequencies.ts`):
 * q = (1 - 2^-14) p + 2^-22 with p the softmax. Logits [n, 256] to [n, 256].
 */
export function logProbabilities(logits: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.log(tf.add<tf.Tensor2D>(tf.mul(tf.softmax(logits), 1 - 2 ** -14), 2 ** -22)));
}

/**
 * Sum of -ln p over samples: logits [n, 256], classes [n]. Its gradient is softmax minus one-hot, written here since
 * not every backend has the gradients that the automatic one would need.
 */
export function crossEntropySum(logits: tf.Tensor2D, classes: tf.Tensor1D): tf.Scalar {
  const loss = tf.customGrad((x, save) => {
    const logProbabilities = tf.logSoftmax(x as tf.Tensor2D);
    const oneHot = oneHotOf(classes);
    (save as tf.GradSaveFunc)([logProbabilities, oneHot]);
    return {
      value: tf.neg(tf.sum(tf.mul(logProbabilities, oneHot))),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.mul(tf.sub(tf.exp(saved[0] as tf.Tensor), saved[1] as tf.Tensor), dy),
    };
  });
  return loss(logits) as tf.Scalar;
}

/** [n] to f32 [n, 256]. On wasm (4.22.0) tfjs writes the integers 0 and 1 into a tensor that it calls float32. */
function oneHotOf(classes: tf.Tensor1D): tf.Tensor2D {
  if (tf.getBackend() !== 'wasm') return tf.oneHot(classes, 256, 1, 0, 'float32') as tf.Tensor2D;
  return tf.cast(tf.oneHot(classes, 256), 'float32') as tf.Tensor2D;
}
