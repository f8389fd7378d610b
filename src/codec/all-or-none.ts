/**
 * Runs all tasks, at most `limit` of them at a time, and returns their results in order. The first that fails has the others
 * stopped through the signal that they get; what it threw is thrown once all have ended, so that nothing goes on in the background.
 */
export async function allOrNone<T>(
  tasks: readonly ((signal: AbortSignal) => Promise<T>)[],
  limit: number,
  signal?: AbortSignal,
): Promise<T[]> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const failures: unknown[] = [];
  const results = new Map<number, T>();
  const waiting = tasks.entries(); // one iterator for all lanes: each takes the next task that nobody has
  const lane = async (): Promise<void> => {
    for (const [index, task] of waiting) {
      if (failures.length > 0) return;
      try {
        either.throwIfAborted();
        results.set(index, await task(either));
      } catch (error) {
        failures.push(error);
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, tasks.length) }, lane));
  if (failures.length > 0) throw failures[0];
  return tasks.flatMap((_, index) => (results.has(index) ? [results.get(index) as T] : []));
}
