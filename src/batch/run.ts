import { type Cost, type Limits, memoryBudget } from './memory-budget.js';

/**
 * Calls `action` on all items in order, each as soon as it fits the limits. If a call throws, no further items start, and the error is thrown
 * after the running ones end. The caller must handle the failures of files.
 */
export async function runAll<T extends { readonly cost: Cost }>(
  items: readonly T[],
  limits: Limits,
  action: (item: T) => Promise<void>,
): Promise<void> {
  const budget = memoryBudget(limits);
  const failures: unknown[] = [];
  const started: Promise<void>[] = [];
  for (const item of items) {
    const release = await budget.acquire(item.cost);
    if (failures.length > 0) break;
    const run = action(item)
      .catch((error: unknown) => void failures.push(error))
      .finally(release);
    started.push(run);
  }
  await Promise.all(started);
  if (failures.length > 0) throw failures[0];
}
