import { type Cost, type Limits, memoryBudget } from './memory-budget.js';

/**
 * Does the work for all items, each as soon as there is room for it. Items begin in their order. What `work` throws ends the run once
 * all that has begun is over: failures of files are the caller's to catch.
 */
export async function runAll<T extends { readonly load: Cost }>(
  items: readonly T[],
  limits: Limits,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const budget = memoryBudget(limits);
  const failures: unknown[] = [];
  const begun: Promise<void>[] = [];
  for (const item of items) {
    const release = await budget.acquire(item.load);
    if (failures.length > 0) break;
    const one = work(item)
      .catch((error: unknown) => void failures.push(error))
      .finally(release);
    begun.push(one);
  }
  await Promise.all(begun);
  if (failures.length > 0) throw failures[0];
}
