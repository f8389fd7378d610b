import { Admission, type Limits, type Load } from './admission.js';

/**
 * Does the work for all items, each as soon as there is room for it. Items begin in their order. What `work` throws ends the run once
 * all that has begun is over: failures of files are the caller's to catch.
 */
export async function runAll<T extends { readonly load: Load }>(
  items: readonly T[],
  limits: Limits,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const admission = new Admission(limits);
  const failures: unknown[] = [];
  const begun: Promise<void>[] = [];
  for (const item of items) {
    const leave = await admission.enter(item.load);
    if (failures.length > 0) break;
    const one = work(item)
      .catch((error: unknown) => void failures.push(error))
      .finally(leave);
    begun.push(one);
  }
  await Promise.all(begun);
  if (failures.length > 0) throw failures[0];
}
