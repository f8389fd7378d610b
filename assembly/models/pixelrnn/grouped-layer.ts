/**
 * A 1x1 layer under the channel masks of the paper (section 3.4): outputs in one group per channel; inputs are first
 * the `shared` ones that every group sees, then `own` ones per channel. Group g sees the shared inputs and those of the
 * channels before it (mask A), or also its own (mask B): always a prefix. Masked weights are omitted, not multiplied.
 *
 * Packed form, f32: for g = 0 .. groups - 1 the bias [outputs], then the matrix [visible(g)][outputs], where `outputs`
 * is a group's share of the layer's width.
 */
import { dense } from '../../kernels/dense';

/** Masks, as the number of its own inputs that a group sees. */
export const MASK_A: i32 = 0;
export const MASK_B: i32 = 1;

/** Returns the number of inputs that group g sees. */
export function visibleInputs(g: i32, shared: i32, own: i32, mask: i32): i32 {
  return shared + (g + mask) * own;
}

/** Returns the number of floats of the packed groups before group g. */
export function packedFloats(g: i32, shared: i32, own: i32, outputs: i32, mask: i32): i32 {
  return outputs * (g * (1 + shared) + own * (((g * (g - 1)) >> 1) + mask * g));
}

/**
 * Packs a layer's tensors, weight f32[inputs][groups * outputs] followed by bias f32[groups * outputs], at `from`.
 * Returns the address after them.
 */
export function packLayer(from: usize, groups: i32, shared: i32, own: i32, outputs: i32, mask: i32, to: usize): usize {
  return packPadded(from, groups, shared, own, outputs, outputs, mask, to);
}

/** Packs the same with the outputs of each group padded to `room` by outputs that are 0. */
export function packPadded(
  from: usize,
  groups: i32,
  shared: i32,
  own: i32,
  outputs: i32,
  room: i32,
  mask: i32,
  to: usize,
): usize {
  const inputs = visibleInputs(groups - 1, shared, own, mask);
  const width = <usize>(groups * outputs) << 2;
  const bias = from + <usize>inputs * width;
  const part = <usize>outputs << 2;
  const padding = <usize>(room - outputs) << 2;
  for (let g = 0; g < groups; g++) {
    const column = <usize>g * part;
    const visible = visibleInputs(g, shared, own, mask);
    for (let k = -1; k < visible; k++) {
      memory.copy(to, (k < 0 ? bias : from + <usize>k * width) + column, part);
      memory.fill(to + part, 0, padding);
      to += part + padding;
    }
  }
  return bias + width;
}

/** Returns the address of the matrix of group g in a packed layer; its bias, one row, precedes it. */
export function groupMatrix(layer: usize, g: i32, shared: i32, own: i32, outputs: i32, mask: i32): usize {
  return layer + (<usize>(packedFloats(g, shared, own, outputs, mask) + outputs) << 2);
}

/** Computes group g of a layer: y = bias + x W, over the group's visible inputs; x f32[inputs], y f32[outputs]. */
export function applyGroup(
  layer: usize,
  g: i32,
  shared: i32,
  own: i32,
  outputs: i32,
  mask: i32,
  x: usize,
  y: usize,
): void {
  const matrix = groupMatrix(layer, g, shared, own, outputs, mask);
  const bias = matrix - (<usize>outputs << 2);
  dense(x, visibleInputs(g, shared, own, mask), matrix, outputs, bias, y);
}

/** Computes the same from the initial sums at `from`, f32[outputs], instead of the bias; may be y itself. */
export function continueGroup(
  layer: usize,
  g: i32,
  shared: i32,
  own: i32,
  outputs: i32,
  mask: i32,
  x: usize,
  from: usize,
  y: usize,
): void {
  const matrix = groupMatrix(layer, g, shared, own, outputs, mask);
  dense(x, visibleInputs(g, shared, own, mask), matrix, outputs, from, y);
}
