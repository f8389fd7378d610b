/**
 * One binary decision: its contexts give inputs, four weight vectors and a second layer mix them to a logit, two APMs
 * refine the probability, the coder codes the bit and everything learns. The caller first sets the contexts, the
 * vectors and the extra inputs.
 */
import { bounded, decodeDecision, encodeDecision, splitOf } from '../coder/decisions';
import { SETS, addInputs, addLogits, dotProducts, secondSum } from '../kernels/mixing';
import { limit4, squash4 } from '../mixer/logistic';
import { apm, apmProbability, chooseApms, learnProbabilities } from '../mixer/probability-maps';
import { contextInputs, inputs, learnContexts } from './contexts';
import { Family } from './family';

/** Logits are clamped to +-MAX_LOGIT. */
const MAX_LOGIT: f32 = 12;
/** The weights' learning rate: RATE + EARLY_RATE / (1 + DECAY n) in a vector's step n. */
const RATE: f32 = 0.004;
const EARLY_RATE: f32 = 0.04;
const DECAY: f32 = 0.02;
const SECOND_RATE: f32 = 0.003;
/** Smaller errors are not learned from by the weights. */
const MIN_ERROR: f32 = 0.001;
/** The first extra input. */
const BIAS: f32 = 0.3;

/** Addresses of the selected vectors and of their ages, u32[SETS]. */
const vectors: usize = memory.data(SETS * 4, 16);
const ages: usize = memory.data(SETS * 4, 16);
let second: usize = 0;

let decoding: bool = false;

export function startDecisions(decode: bool): void {
  decoding = decode;
}

/** Selects a vector of each of the four sets; larger indices count as the last one. */
export function chooseWeights(family: Family, i0: u32, i1: u32, i2: u32, i3: u32): void {
  choose(family, 0, min(i0, family.size0 - 1));
  choose(family, 4, family.size0 + min(i1, family.size1 - 1));
  choose(family, 8, family.size0 + family.size1 + min(i2, family.size2 - 1));
  choose(family, 12, family.size0 + family.size1 + family.size2 + min(i3, family.size3 - 1));
}

function choose(family: Family, at: usize, index: u32): void {
  store<u32>(vectors + at, <u32>(family.weights + <usize>index * family.vectorBytes));
  store<u32>(ages + at, <u32>(family.ages + ((<usize>index) << 2)));
}

/** Selects a vector of the second layer and the two APMs; larger indices count as the last one. */
export function chooseRefinement(family: Family, i: u32, apm0: u32, apm1: u32): void {
  second = family.seconds + ((<usize>min(i, family.secondCount - 1)) << 4);
  chooseApms(apm(family.apms0, min(apm0, family.apmCount0 - 1)), apm(family.apms1, min(apm1, family.apmCount1 - 1)));
}

/** Sets the first extra input to a constant and the others to 0. Returns their address, f32[8]. */
export function openExtras(family: Family): usize {
  const extra = extraInputs(family);
  v128.store(extra, f32x4.splat(0));
  v128.store(extra, f32x4.splat(0), 16);
  store<f32>(extra, BIAS);
  return extra;
}

/** Returns the address of the extra inputs. */
export function extraInputs(family: Family): usize {
  return inputs + 2 * family.contextBytes;
}

/**
 * Codes one decision and returns it. When decoding, `one` is ignored.
 * @param node number of the slot of each line
 */
export function decide(family: Family, node: u32, one: bool): bool {
  const contextBytes = family.contextBytes;
  const vectorBytes = family.vectorBytes;
  contextInputs(contextBytes, node);
  const logits = limit4(dotProducts(inputs, vectorBytes, vectors), MAX_LOGIT);
  const z = max<f32>(-MAX_LOGIT, min<f32>(MAX_LOGIT, secondSum(logits, second)));
  const mixed = f32x4.extract_lane(squash4(f32x4.splat(z)), 0);
  const split = splitOf(bounded(<f64>(mixed * 0.5 + apmProbability(z) * 0.5)));
  if (decoding) one = decodeDecision(split);
  else encodeDecision(split, one);
  const bit: f32 = one ? 1 : 0;
  learnProbabilities(<i32>one);
  const errors = f32x4.sub(f32x4.splat(bit), squash4(logits));
  const error = bit - mixed;
  if (abs<f32>(error) > MIN_ERROR) {
    addInputs(inputs, vectorBytes, vectors, f32x4.mul(errors, rates()));
    addLogits(logits, second, error * SECOND_RATE);
  }
  learnContexts(contextBytes, node, bit);
  return one;
}

/** Returns the learning rates of the four vectors, and counts their steps. */
function rates(): v128 {
  const one = f32x4.splat(1);
  let n = v128.load_zero<u32>(<usize>load<u32>(ages));
  n = v128.load_lane<u32>(<usize>load<u32>(ages, 4), n, 1);
  n = v128.load_lane<u32>(<usize>load<u32>(ages, 8), n, 2);
  n = v128.load_lane<u32>(<usize>load<u32>(ages, 12), n, 3);
  const next = f32x4.add(n, one);
  v128.store_lane<u32>(<usize>load<u32>(ages), next, 0);
  v128.store_lane<u32>(<usize>load<u32>(ages, 4), next, 1);
  v128.store_lane<u32>(<usize>load<u32>(ages, 8), next, 2);
  v128.store_lane<u32>(<usize>load<u32>(ages, 12), next, 3);
  const slowing = f32x4.add(one, f32x4.mul(n, f32x4.splat(DECAY)));
  return f32x4.add(f32x4.splat(RATE), f32x4.div(f32x4.splat(EARLY_RATE), slowing));
}
