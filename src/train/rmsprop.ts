import type { UpdateRule } from './optimizer.js';

const DECAY = 0.95;
/**
 * Added to the mean square under the root, as in tfjs. The usual 1e-8 would equal a gradient of 1e-4, and most gradients of
 * bits/dim are about 1e-5.
 */
const EPSILON = 1e-14;

/**
 * RMSProp with momentum (Tieleman and Hinton, 2012), the optimizer of the paper; state and formula as in tfjs.
 * @param momentum decay of the running sum of steps
 */
export function rmsProp(momentum: number): UpdateRule {
  return {
    name: 'RMSProp',
    memories: ['rms', 'momentum'],
    update({ weights, gradient, factor, rate, first, second }) {
      for (let i = 0; i < weights.length; i++) {
        const g = (gradient[i] as number) * factor;
        const square = (first[i] = DECAY * (first[i] as number) + (1 - DECAY) * g * g);
        const step = (second[i] = momentum * (second[i] as number) + (rate * g) / Math.sqrt(square + EPSILON));
        weights[i] = (weights[i] as number) - step;
      }
    },
  };
}
