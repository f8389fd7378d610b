/** Warm-up over `warmup` steps, then a half cosine from `peak` down to 2 % of it at the last step. */
export function learningRate(step: number, steps: number, peak: number, warmup: number): number {
  if (step < warmup) return (peak * (step + 1)) / warmup;
  const done = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
  return peak * (0.02 + 0.98 * 0.5 * (1 + Math.cos(Math.PI * done)));
}
