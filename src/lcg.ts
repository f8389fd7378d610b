/** Returns a linear congruential generator of 32-bit integers (Numerical Recipes, 7.1), for images that are only timed. */
export function lcg(): () => number {
  let state = 1;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
}
