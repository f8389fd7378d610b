/**
 * The mixer's inputs at a node, f32[inputCount]. An input is zero if its expert adds nothing to the model's own probability
 * p:
 *
 *     general   [8]  ln(p / (1 - p)), 0.3, 6 unused
 *     contexts  [contexts] logit minus the model's, times confidence; [contexts] (probability - p), times confidence
 *     maps      [maps] logit minus the model's
 */
import { GENERAL, MAX_INPUTS, contexts, maps } from './experts';
import { limit4, logRatio4 } from './logistic';
import { UNIT, massHigh, massLow, massMiddle } from './residual-maps';
import { counts, probabilities } from './slots';

/** Mass that is distributed by the model's probabilities and added to every map. */
const MODEL_MASS: f32 = <f32>UNIT * 0.1;
/** Constants of the loops, loaded in place as in `logRatio4`. */
const NUMBERS: usize = memory.data<f32>([1.5, 1, 4, 0.6], 16);

export const inputs: usize = memory.data(MAX_INPUTS * 4, 16);
const CONTEXT_INPUTS: usize = inputs + GENERAL * 4;

/** Sets the general inputs from the model's probabilities of a 1 and of a 0. Returns its logit. */
export function generalInputs(p1: f32, p0: f32): f32 {
  const logit = f32x4.extract_lane(limit4(logRatio4(f32x4.splat(p1), f32x4.splat(p0)), 12), 0);
  store<f32>(inputs, logit);
  store<f32>(inputs, 0.3, 4);
  return logit;
}

export function contextInputs(p1: f32, logit: f32): void {
  const p = f32x4.splat(p1);
  const x = f32x4.splat(logit);
  const linearInputs = CONTEXT_INPUTS + 4 * <usize>contexts;
  for (let i: usize = 0; i < <usize>contexts * 4; i += 16) {
    const q = v128.load(probabilities + i);
    const n = v128.load(counts + i);
    const confidence = f32x4.div(n, f32x4.add(n, v128.load32_splat(NUMBERS)));
    const more = f32x4.sub(logRatio4(q, f32x4.sub(v128.load32_splat(NUMBERS, 4), q)), x);
    v128.store(CONTEXT_INPUTS + i, f32x4.mul(more, confidence));
    const linear = f32x4.mul(f32x4.sub(q, p), v128.load32_splat(NUMBERS, 8));
    v128.store(linearInputs + i, f32x4.mul(linear, confidence));
  }
}

export function mapInputs(p1: f32, p0: f32, logit: f32): void {
  const share1 = f32x4.splat(MODEL_MASS * p1);
  const share0 = f32x4.splat(MODEL_MASS * p0);
  const x = f32x4.splat(logit);
  const to = CONTEXT_INPUTS + 8 * <usize>contexts;
  for (let j: usize = 0; j < <usize>maps * 4; j += 16) {
    const middle = v128.load(massMiddle + j);
    const zeros = f32x4.add(f32x4.convert_i32x4_s(i32x4.sub(middle, v128.load(massLow + j))), share0);
    const ones = f32x4.add(f32x4.convert_i32x4_s(i32x4.sub(v128.load(massHigh + j), middle)), share1);
    const more = f32x4.sub(logRatio4(ones, zeros), x);
    v128.store(to + j, f32x4.mul(more, v128.load32_splat(NUMBERS, 12)));
  }
}
