import * as tf from '@tensorflow/tfjs-core';
import { adamW } from './adamw.js';
import { type UpdateRule, squaredNorm } from './optimizer.js';

/** Coefficients of a X + b (X Xt) X + c (X Xt)^2 X, which brings singular values in 0..1 near 1 when repeated. */
const [A, B, C] = [3.4445, -4.775, 2.0315];
const ITERATIONS = 5;
/**
 * Added to the norm of the mean gradient, as by Jordan et al.: where a layer has stopped learning (each ReLU is zero for all
 * inputs), the mean decays, and steps of full length would go on until it is too small for f32.
 */
const EPSILON = 1e-7;
/** Root mean square of an update, in units of the rate: about that of AdamW, so that both share a rate. */
const UPDATE_RMS = 0.2;
/** Output layers learn like biases: each of their columns is a parameter of the distribution. */
const OUTPUT_LAYER = /(^|\.)(output|softmax|mixture)\.weight$/;

/**
 * Muon (Jordan et al. 2024): the step of a matrix is the nearest orthogonal matrix to the mean of its gradients, with
 * Nesterov momentum, scaled as by Liu et al. (2025). The output layer and tensors that are no matrices are moved by AdamW at
 * the same rate.
 * @param momentum decay of the gradient's running mean
 */
export function muon(momentum: number): UpdateRule {
  const others = adamW(momentum);
  return {
    name: 'Muon',
    memories: others.memories,
    update(update) {
      const { name, shape, weights, gradient, factor, rate, first } = update;
      const [rows = 1, columns = 1] = shape;
      if (shape.length !== 2 || rows === 1 || columns === 1 || OUTPUT_LAYER.test(name)) {
        others.update(update);
        return;
      }
      const ahead = new Float32Array(gradient.length);
      for (let i = 0; i < ahead.length; i++) {
        const scaled = (1 - momentum) * factor * (gradient[i] as number);
        const mean = (first[i] = momentum * (first[i] as number) + scaled);
        ahead[i] = momentum * mean + scaled;
      }
      const step = orthogonalized(ahead, rows, columns);
      const scale = rate * UPDATE_RMS * Math.sqrt(Math.max(rows, columns));
      for (let i = 0; i < weights.length; i++) weights[i] = (weights[i] as number) - scale * (step[i] as number);
    },
  };
}

/** Returns U Vt, approximately, of a matrix U S Vt, by Newton-Schulz iterations; less, down to zero, if its norm is near EPSILON. */
export function orthogonalized(values: Float32Array, rows: number, columns: number): Float32Array {
  const norm = Math.sqrt(squaredNorm(values)) + EPSILON;
  const orthogonal = tf.tidy(() => {
    const given = tf.tensor2d(values, [rows, columns]);
    const isTall = rows > columns; // the products below are smallest for wide matrices
    const wide = isTall ? tf.transpose(given) : given;
    let x = tf.mul<tf.Tensor2D>(wide, 1 / norm);
    for (let i = 0; i < ITERATIONS; i++) {
      const square = tf.matMul(x, x, false, true);
      const polynomial = tf.add<tf.Tensor2D>(tf.mul(square, B), tf.mul(tf.matMul(square, square), C));
      x = tf.add<tf.Tensor2D>(tf.mul(x, A), tf.matMul(polynomial, x));
    }
    return isTall ? tf.transpose(x) : x;
  });
  // Not in the tidy, which would look for tensors among all values.
  const result = Float32Array.from(orthogonal.dataSync<'float32'>());
  orthogonal.dispose();
  return result;
}
