import * as tf from '@tensorflow/tfjs-core';

/** Probability mass spread evenly over the 256 values, as a floor. */
const FLOOR = 2 ** -9;
const VALUES = 256;
/** Offset of a component's mean from the centre per unit of output. */
const MEAN_STEP = 8;
/** Log scale of an output of 0, and the range of log scales; scales are in units of sample values. */
const LOG_SCALE_OFFSET = 1;
const LOG_SCALE_MIN = -3.5;
const LOG_SCALE_MAX = 5.5;

/**
 * Returns the sum of -log2 p over samples under mixtures of logistics (PixelCNN++, Salimans et al., 2017, with a floor), as
 * the engine computes it, weighted if `weights` is given. Parameters [n, P] of K components: K weights before softmax, K
 * means, K log scales, the rest unused; centres and values [n, 1] in 0..255; weights [n, 1]. The gradient by the parameters
 * is computed along with it: that of tfjs would need three times as long, and some backends lack it.
 */
export function mixtureBitsSum(
  parameters: tf.Tensor2D,
  components: number,
  centres: tf.Tensor2D,
  values: tf.Tensor2D,
  weights?: tf.Tensor2D,
): tf.Scalar {
  const bits = tf.customGrad((x, save) => {
    const { value, gradient } = bitsAndGradient(x as tf.Tensor2D, components, centres, values, weights);
    (save as tf.GradSaveFunc)([gradient]);
    return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(saved[0] as tf.Tensor, dy) };
  });
  return bits(parameters);
}

/** Returns the sum and its derivatives, [n, P]. Intermediate tensors are [n, K] unless noted. */
function bitsAndGradient(
  parameters: tf.Tensor2D,
  components: number,
  centres: tf.Tensor2D,
  values: tf.Tensor2D,
  importance: tf.Tensor2D | undefined,
): { value: tf.Scalar; gradient: tf.Tensor } {
  const part = (i: number): tf.Tensor2D => tf.slice(parameters, [0, i * components], [-1, components]);
  const weights = tf.softmax(part(0));
  const distances = tf.sub(tf.sub(values, centres), tf.mul(part(1), MEAN_STEP));
  const rawScales = tf.add(part(2), LOG_SCALE_OFFSET);
  const precisions = tf.exp(tf.neg(tf.clipByValue(rawScales, LOG_SCALE_MIN, LOG_SCALE_MAX)));

  // Components are symmetric: the mass at a value is computed below the mean, where both values of the CDF are small and
  // their difference is exact enough in f32.
  const lengths = tf.abs(distances);
  const near = tf.mul(tf.sub(0.5, lengths), precisions);
  const far = tf.mul(tf.sub(-0.5, lengths), precisions);
  const side = tf.sub(tf.mul(tf.cast(tf.greaterEqual(distances, 0), 'float32'), 2), 1); // 1 above the mean, else -1
  // The lowest value includes all mass below it, the highest all above it: -1 and 1 there, else 0, [n, 1].
  const outward = tf.sub(tf.relu(tf.sub(values, VALUES - 2)), tf.relu(tf.sub(1, values)));
  const open = tf.mul(outward, side); // 1 if the far end is open, -1 if the near end is
  const cdfNear = tf.maximum(tf.sigmoid(near), tf.neg(open));
  const cdfFar = tf.minimum(tf.sigmoid(far), tf.sub(1, open));
  const masses = tf.sub(cdfNear, cdfFar);
  const mixed = tf.sum(tf.mul(weights, masses), 1, true); // [n, 1]
  const p = tf.add(tf.mul(mixed, 1 - FLOOR), FLOOR / VALUES); // [n, 1]

  const slopeNear = tf.mul(cdfNear, tf.sub(1, cdfNear));
  const slopeFar = tf.mul(cdfFar, tf.sub(1, cdfFar));
  const byMass = tf.mul(weights, tf.div(-(1 - FLOOR) / Math.LN2, p));
  const byWeight = tf.mul(byMass, tf.sub(masses, mixed));
  const byMean = tf.mul(tf.mul(byMass, tf.sub(slopeNear, slopeFar)), tf.mul(tf.mul(side, precisions), MEAN_STEP));
  // A scale at a bound has no gradient, as in the engine.
  const inside = tf.logicalAnd(tf.greater(rawScales, LOG_SCALE_MIN), tf.less(rawScales, LOG_SCALE_MAX));
  const byRawScale = tf.mul(byMass, tf.sub(tf.mul(slopeFar, far), tf.mul(slopeNear, near)));
  const byScale = tf.mul(byRawScale, tf.cast(inside, 'float32'));
  const [n, width] = parameters.shape;
  const unused = tf.zeros([n, width - 3 * components]);
  const logs = tf.log(p);
  const gradient = tf.concat([byWeight, byMean, byScale, unused], 1);
  return {
    value: tf.mul(tf.sum(importance ? tf.mul(logs, importance) : logs), -1 / Math.LN2),
    gradient: importance ? tf.mul(gradient, importance) : gradient,
  };
}
