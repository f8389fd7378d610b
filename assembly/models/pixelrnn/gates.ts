/**
 * One step of an LSTM for a group of features (paper, equation 3):
 *
 *     o, f, i = sigmoid, g = tanh of their sums
 *     cell = f * previous cell + i * g
 *     h = o * tanh(cell)
 *
 * Cells of magnitude below 1e-20 become 0: over a flat area they would decay to subnormals, which are a hundred times
 * slower. Each product and sum is rounded to f32.
 */
import { sigmoid4, tanh4 } from '../../kernels/sigmoid';

const MIN_CELL: f32 = 1e-20;

/**
 * Computes the cells and states of a step.
 * @param sums f32[4][count], gate by gate
 * @param count a multiple of 4
 * @param before f32[count], the cells of the previous step
 * @param cells f32[count], written; may be `before` itself
 * @param state f32[count], h, written
 */
export function stepCells(sums: usize, count: i32, before: usize, cells: usize, state: usize): void {
  const gate = (<usize>count) << 2;
  for (let at: usize = 0; at < gate; at += 16) {
    const o = sigmoid4(v128.load(sums + at));
    const f = sigmoid4(v128.load(sums + gate + at));
    const i = sigmoid4(v128.load(sums + 2 * gate + at));
    const g = tanh4(v128.load(sums + 3 * gate + at));
    const sum = f32x4.add(f32x4.mul(f, v128.load(before + at)), f32x4.mul(i, g));
    const cell = v128.andnot(sum, f32x4.lt(f32x4.abs(sum), f32x4.splat(MIN_CELL)));
    v128.store(cells + at, cell);
    v128.store(state + at, f32x4.mul(o, tanh4(cell)));
  }
}
