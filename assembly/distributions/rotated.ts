/**
 * The current value less an offset, modulo the number of values, and its distribution: of the difference from another
 * channel.
 */
import * as distribution from './distribution';

/** Number of values, a power of two. */
let size: i32 = 256;
let offset: i32 = 0;
/** P(value < offset). */
let below: f64 = 0;

/** Sets the offset, modulo the number of values of the current distribution. */
export function rotate(by: i32): void {
  size = 1 << distribution.depth;
  offset = by & (size - 1);
  below = offset === 0 ? 0 : distribution.cdf(offset);
}

export function rotated(value: i32): i32 {
  return (value - offset) & (size - 1);
}

/** Returns the value that is rotated to this one. */
export function original(value: i32): i32 {
  return (value + offset) & (size - 1);
}

/** Returns P(rotated value < b), 0 <= b <= 2^depth. */
export function cdf(b: i32): f64 {
  const end = b + offset;
  return end <= size ? distribution.cdf(end) - below : 1 - below + distribution.cdf(end - size);
}
