/** Returns the learning rate of a step: linear warm-up over `warmup` steps, then cosine decay from `peak` to 2 % of it. */
export function learningRate(step: number, steps: number, peak: number, warmup: number): number {
  if (step < warmup) return (peak * (step + 1)) / warmup;
  const done = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
  return peak * (0.02 + 0.98 * 0.5 * (1 + Math.cos(Math.PI * done)));
}
