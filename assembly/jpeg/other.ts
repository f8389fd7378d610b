/**
 * The coefficients that another component has on the grid of the current block: its samples, averaged where it is
 * finer, repeated where it is coarser, and transformed.
 */
import { Component, samplesOf, strideOf } from './components';
import { toCoefficients } from './dct';

const resampled: usize = memory.data(256, 16);

/** Writes the coefficients of `other` for block (bx, by) of component c to `to`, f32[64]. */
export function otherCoefficients(other: Component, c: Component, bx: i32, by: i32, to: usize): void {
  const across = max(1, other.horizontal / c.horizontal);
  const down = max(1, other.vertical / c.vertical);
  const lastX = max(0, 8 * other.wide - 1);
  const lastY = max(0, 8 * other.high - 1); // a band may hold no rows of a component
  const share: f32 = 1 / <f32>(across * down);
  for (let y = 0; y < 8; y++) {
    const fromY = ((8 * by + y) * other.vertical) / c.vertical;
    for (let x = 0; x < 8; x++) {
      const fromX = ((8 * bx + x) * other.horizontal) / c.horizontal;
      let sum: f32 = 0;
      for (let j = 0; j < down; j++) {
        const sy = min(fromY + j, lastY);
        const row = samplesOf(other, sy >> 3) + <usize>(sy & 7) * strideOf(other);
        for (let i = 0; i < across; i++) sum += load<f32>(row + ((<usize>min(fromX + i, lastX)) << 2));
      }
      store<f32>(resampled + ((<usize>(y * 8 + x)) << 2), sum * share);
    }
  }
  toCoefficients(resampled, to);
}
