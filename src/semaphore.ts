/** One that waits for room. */
interface Waiting<Cost> {
  readonly cost: Cost;
  readonly enter: () => void;
}

/**
 * Lets tasks run while there is room for them, first come, first served: a small task does not overtake a large one, which
 * could wait forever otherwise.
 */
export class Semaphore<Cost = void> {
  private readonly running: Cost[] = [];
  private readonly queue: Waiting<Cost>[] = [];

  /** @param hasRoom whether one more task may run next to those that do; asked for the first in the queue */
  constructor(private readonly hasRoom: (running: readonly Cost[], next: Cost) => boolean) {}

  /** A semaphore for a number of tasks. */
  static of(count: number): Semaphore {
    return new Semaphore((running) => running.length < count);
  }

  /**
   * Waits for room.
   * @returns a function that makes the room free again
   * @throws the signal's reason when it is aborted before
   */
  async acquire(cost: Cost, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.queue.splice(this.queue.indexOf(waiting), 1);
        reject(signal?.reason as Error);
        this.admit(); // the next one may need less
      };
      const enter = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const waiting = { cost, enter };
      this.queue.push(waiting);
      signal?.addEventListener('abort', leave, { once: true });
      this.admit();
    });
    return () => {
      this.running.splice(this.running.indexOf(cost), 1);
      this.admit();
    };
  }

  /** Runs a task as soon as there is room. Rejects with the signal's reason when it is aborted before. */
  async run<T>(cost: Cost, task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const release = await this.acquire(cost, signal);
    try {
      signal?.throwIfAborted();
      return await task();
    } finally {
      release();
    }
  }

  private admit(): void {
    for (let next = this.queue[0]; next && this.hasRoom(this.running, next.cost); next = this.queue[0]) {
      this.queue.shift();
      this.running.push(next.cost);
      next.enter();
    }
  }
}

/**
 * Runs all tasks, at most `limit` of them at a time, and returns their results in order. The first failure aborts the others
 * through the signal that they get; it is thrown once all have ended, so that nothing goes on in the background.
 */
export async function runConcurrently<T>(
  tasks: readonly ((signal: AbortSignal) => Promise<T>)[],
  limit: number,
  signal?: AbortSignal,
): Promise<T[]> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const semaphore = Semaphore.of(limit);
  const failures: unknown[] = [];
  const results = await Promise.all(
    tasks.map(async (task) => {
      try {
        return [await semaphore.run(undefined, () => task(either), either)];
      } catch (error) {
        failures.push(error);
        stop.abort();
        return [];
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
  return results.flat(1);
}
