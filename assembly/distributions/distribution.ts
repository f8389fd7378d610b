/**
 * The distribution of the current sub-pixel, set by the model. The loop and the mixer access it only through this
 * module; to add a kind, add a module and a line to each function here.
 */
import * as bernoulli from './bernoulli';
import * as categorical from './categorical';
import * as mixture from './logistic-mixture';
import { temperLogits, temperMixture } from './temperature';

const CATEGORICAL: i32 = 0;
const MIXTURE: i32 = 1;
const BERNOULLI: i32 = 2;
let kind: i32 = CATEGORICAL;

/** Whether the distribution is the softmax, which can also be coded as a single symbol. */
export let isCategorical: bool = false;
/** Bits of a sample, which has 2^depth values. */
export let depth: i32 = 8;

/** The 256 logits, written before `setCategorical`, f32[256]. */
export const logits: usize = categorical.exponentials;
/** The Bernoulli logit, f32[4]. */
const logit: usize = memory.data(16, 16);

/** Sets the softmax of the 256 logits; class k represents the value (centre + k) mod 256. */
export function setCategorical(centre: i32): void {
  setKind(CATEGORICAL, 8);
  temperLogits(logits, 256);
  categorical.set(centre);
}

/** Sets a mixture of logistics; see `logistic-mixture.ts` for the parameters. */
export function setMixture(params: usize, components: i32, centre: f32, sampleDepth: i32, unit: f32): void {
  setKind(MIXTURE, sampleDepth);
  mixture.set(temperMixture(params, components), components, centre, sampleDepth, <f64>unit);
}

/** Sets the distribution of a bit that is 1 with probability sigmoid(z). */
export function setBernoulli(z: f32): void {
  setKind(BERNOULLI, 1);
  store<f32>(logit, z);
  temperLogits(logit, 4);
  bernoulli.set(<f64>load<f32>(logit));
}

/** Returns P(value < b), 0 <= b <= 2^depth. */
export function cdf(b: i32): f64 {
  if (kind === MIXTURE) return mixture.cdf(b);
  return kind === CATEGORICAL ? categorical.cdf(b) : bernoulli.cdf(b);
}

/** Returns the expected value. */
export function mean(): f32 {
  if (kind === MIXTURE) return mixture.mean();
  return kind === CATEGORICAL ? categorical.mean() : bernoulli.mean();
}

function setKind(newKind: i32, newDepth: i32): void {
  kind = newKind;
  isCategorical = kind === CATEGORICAL;
  depth = newDepth;
}
