/**
 * Returns how far counts are from their expectation, by Pearson's chi-square as a standard normal (Wilson and
 * Hilferty): 0 on average, beyond 4 once in 30,000 times. Classes with fewer than 5 expected counts are merged.
 */
export function deviation(counts: ArrayLike<number>, expected: ArrayLike<number>): number {
  const classes: [count: number, expected: number][] = [];
  const rare: [number, number] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const [count, mean] = [counts[i] ?? 0, expected[i] ?? 0];
    if (mean >= 5) classes.push([count, mean]);
    else {
      rare[0] += count;
      rare[1] += mean;
    }
  }
  if (rare[1] > 0) classes.push(rare);
  const statistic = classes.reduce((sum, [count, mean]) => sum + (count - mean) ** 2 / mean, 0);
  const freedom = classes.length - 1;
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(statistic / freedom) - (1 - spread)) / Math.sqrt(spread);
}
