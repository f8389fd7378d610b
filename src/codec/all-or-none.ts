/**
 * Runs all tasks at once. The first that fails has the others stopped through the signal that they get; what it threw is thrown
 * once all have ended, so that nothing goes on in the background.
 */
export async function allOrNone<T>(
  tasks: readonly ((signal: AbortSignal) => Promise<T>)[],
  signal?: AbortSignal,
): Promise<T[]> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const failures: unknown[] = [];
  const guarded = tasks.map((task) =>
    task(either).catch((error: unknown) => {
      failures.push(error);
      stop.abort();
      throw error;
    }),
  );
  const results = await Promise.allSettled(guarded);
  if (failures.length > 0) throw failures[0];
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
