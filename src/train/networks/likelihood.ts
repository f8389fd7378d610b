import * as tf from '@tensorflow/tfjs-core';

/**
 * Returns the sum of -ln p over samples, weighted if `weights` is given: logits [n, 256], classes [n], weights [n, 1]. The
 * gradient, softmax minus one-hot, is computed along with it, to save passes over the largest tensors of a step.
 */
export function crossEntropySum(logits: tf.Tensor2D, classes: tf.Tensor1D, weights?: tf.Tensor2D): tf.Scalar {
  const loss = tf.customGrad((x, save) => {
    const { losses, gradient } = lossesAndGradient(x as tf.Tensor2D, classes);
    (save as tf.GradSaveFunc)([weights ? tf.mul(gradient, weights) : gradient]);
    return {
      value: tf.sum(weights ? tf.mul(losses, tf.reshape(weights, [-1])) : losses),
      gradFunc: (dy: tf.Tensor, [byLogits]: tf.Tensor[]) => tf.mul(byLogits as tf.Tensor, dy),
    };
  });
  return loss(logits) as tf.Scalar;
}

/** Returns -ln p of each sample, [n], and its derivatives by the logits, [n, 256]. */
function lossesAndGradient(logits: tf.Tensor2D, classes: tf.Tensor1D): { losses: tf.Tensor; gradient: tf.Tensor } {
  const logs = tf.logSoftmax(logits);
  const oneHot = oneHotOf(classes);
  return { losses: tf.neg(tf.sum(tf.mul(logs, oneHot), 1)), gradient: tf.sub(tf.exp(logs), oneHot) };
}

/** Returns the sum of -ln p over 1-bit samples: logits of the value 1, and the bits, 0 or 1, both [n, 1]. */
export function bernoulliSum(logits: tf.Tensor2D, bits: tf.Tensor2D): tf.Scalar {
  const loss = tf.customGrad((logit, save) => {
    const x = logit as tf.Tensor2D;
    const p = tf.sigmoid(x);
    (save as tf.GradSaveFunc)([p, bits]);
    // ln(1 + e^x) - b x, without overflow.
    const values = tf.sub(tf.add(tf.relu(x), tf.log1p(tf.exp(tf.neg(tf.abs(x))))), tf.mul(x, bits));
    return {
      value: tf.sum(values),
      gradFunc: (dy: tf.Tensor, [ones, given]: tf.Tensor[]) =>
        tf.mul(tf.sub(ones as tf.Tensor, given as tf.Tensor), dy),
    };
  });
  return loss(logits) as tf.Scalar;
}

/** One-hot encoding, [n] to f32 [n, 256]. tfjs 4.22.0 on wasm writes integers into a tensor that it labels float32. */
function oneHotOf(classes: tf.Tensor1D): tf.Tensor2D {
  if (tf.getBackend() !== 'wasm') return tf.oneHot(classes, 256, 1, 0, 'float32') as tf.Tensor2D;
  return tf.cast(tf.oneHot(classes, 256), 'float32') as tf.Tensor2D;
}
