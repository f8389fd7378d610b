/**
 * The distribution of the sub-pixel at hand, as the model has set it. Loop and mixer know it only by this file; a new
 * kind is a file beside this one and a line in each function here.
 */
import * as categorical from './categorical';
import * as mixture from './logistic-mixture';

/** Whether the 256-way table stands behind it, which may also be coded as a single symbol. */
export let isCategorical: bool = false;
/** Bits of a sample: it has 2^depth values. */
export let depth: i32 = 8;

/** Where the 256 logits are to be written before `setCategorical`, f32[256]. */
export const logits: usize = categorical.exponentials;

/** The softmax of the 256 logits; class k stands for the value (centre + k) mod 256. */
export function setCategorical(centre: i32): void {
  isCategorical = true;
  depth = 8;
  categorical.set(centre);
}

/** A mixture of logistics; see `logistic-mixture.ts` for the parameters. */
export function setMixture(params: usize, components: i32, centre: f32, sampleDepth: i32, unit: f32): void {
  isCategorical = false;
  depth = sampleDepth;
  mixture.set(params, components, centre, sampleDepth, <f64>unit);
}

/** P(value < b), 0 <= b <= 2^depth. */
export function cdf(b: i32): f64 {
  return isCategorical ? categorical.cdf(b) : mixture.cdf(b);
}

/** The expected value. */
export function mean(): f32 {
  return isCategorical ? categorical.mean() : mixture.mean();
}
