/**
 * The distribution of the sub-pixel at hand, as the model has set it. Loop and mixer know it only by this file; a new
 * kind is a file beside this one and a line in each function here.
 */
import * as bernoulli from './bernoulli';
import * as categorical from './categorical';
import * as mixture from './logistic-mixture';
import { temperLogits, temperMixture } from './temperature';

const CATEGORICAL: i32 = 0;
const MIXTURE: i32 = 1;
const BERNOULLI: i32 = 2;
let kind: i32 = CATEGORICAL;

/** Whether the 256-way table stands behind it, which may also be coded as a single symbol. */
export let isCategorical: bool = false;
/** Bits of a sample: it has 2^depth values. */
export let depth: i32 = 8;

/** Where the 256 logits are to be written before `setCategorical`, f32[256]. */
export const logits: usize = categorical.exponentials;
/** A logit of its own, f32[4]. */
const logit: usize = memory.data(16, 16);

/** The softmax of the 256 logits; class k stands for the value (centre + k) mod 256. */
export function setCategorical(centre: i32): void {
  setKind(CATEGORICAL, 8);
  temperLogits(logits, 256);
  categorical.set(centre);
}

/** A mixture of logistics; see `logistic-mixture.ts` for the parameters. */
export function setMixture(params: usize, components: i32, centre: f32, sampleDepth: i32, unit: f32): void {
  setKind(MIXTURE, sampleDepth);
  mixture.set(temperMixture(params, components), components, centre, sampleDepth, <f64>unit);
}

/** A bit that is 1 with the probability sigmoid(z). */
export function setBernoulli(z: f32): void {
  setKind(BERNOULLI, 1);
  store<f32>(logit, z);
  temperLogits(logit, 4);
  bernoulli.set(<f64>load<f32>(logit));
}

/** P(value < b), 0 <= b <= 2^depth. */
export function cdf(b: i32): f64 {
  if (kind === MIXTURE) return mixture.cdf(b);
  return kind === CATEGORICAL ? categorical.cdf(b) : bernoulli.cdf(b);
}

/** The expected value. */
export function mean(): f32 {
  if (kind === MIXTURE) return mixture.mean();
  return kind === CATEGORICAL ? categorical.mean() : bernoulli.mean();
}

function setKind(newKind: i32, newDepth: i32): void {
  kind = newKind;
  isCategorical = kind === CATEGORICAL;
  depth = newDepth;
}
