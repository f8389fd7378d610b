/**
 * The distribution of the current value less an offset, modulo the number of values: of the difference from another
 * channel.
 */
import * as distribution from './distribution';

let size: i32 = 256;
let offset: i32 = 0;
/** P(value < offset). */
let below: f64 = 0;

/** Sets the offset, 0 to 2^depth - 1. */
export function rotate(by: i32): void {
  size = 1 << distribution.depth;
  offset = by;
  below = by === 0 ? 0 : distribution.cdf(by);
}

/** Returns P((value - offset) mod 2^depth < b), 0 <= b <= 2^depth. */
export function cdf(b: i32): f64 {
  const end = b + offset;
  return end <= size ? distribution.cdf(end) - below : 1 - below + distribution.cdf(end - size);
}
