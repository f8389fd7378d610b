import type { UpdateRule } from './optimizer.js';

/** Beta 2, epsilon and weight decay: PyTorch's defaults. Beta 1 is a setting. */
const SECOND_DECAY = 0.999;
const EPSILON = 1e-8;
const WEIGHT_DECAY = 0.01;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019), which tfjs does not provide.
 * @param momentum beta 1, the decay of the gradient's running mean
 */
export function adamW(momentum: number): UpdateRule {
  return {
    name: 'AdamW',
    memories: ['m', 'v'],
    update({ weights, gradient, factor, rate, steps, first, second }) {
      const firstScale = rate / (1 - momentum ** steps);
      const secondScale = 1 / (1 - SECOND_DECAY ** steps);
      const kept = 1 - rate * WEIGHT_DECAY;
      for (let i = 0; i < weights.length; i++) {
        const g = (gradient[i] as number) * factor;
        const m = (first[i] = momentum * (first[i] as number) + (1 - momentum) * g);
        const v = (second[i] = SECOND_DECAY * (second[i] as number) + (1 - SECOND_DECAY) * g * g);
        weights[i] = kept * (weights[i] as number) - (firstScale * m) / (Math.sqrt(secondScale * v) + EPSILON);
      }
    },
  };
}
