/** A task in the queue. */
interface Waiting<Cost> {
  readonly cost: Cost;
  readonly enter: () => void;
}

/**
 * Runs tasks while their costs fit, first come, first served: a cheap task never overtakes an expensive one, which
 * might otherwise wait forever.
 */
export class Semaphore<Cost = void> {
  private readonly running: Cost[] = [];
  private readonly queue: Waiting<Cost>[] = [];

  /** @param hasRoom whether the next task may run alongside the running ones; called for the head of the queue */
  constructor(private readonly hasRoom: (running: readonly Cost[], next: Cost) => boolean) {}

  /** Returns a semaphore for at most `count` concurrent tasks. */
  static of(count: number): Semaphore {
    return new Semaphore((running) => running.length < count);
  }

  /**
   * Waits until the task may run.
   * @returns a function that releases the semaphore
   * @throws the signal's reason if it is aborted while waiting
   */
  async acquire(cost: Cost, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.queue.splice(this.queue.indexOf(waiting), 1);
        reject(signal?.reason as Error);
        this.admit(); // the next task may cost less
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

  /** Runs a task once it fits. Rejects with the signal's reason if it is aborted while waiting. */
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
 * Runs all tasks, at most `limit` at a time, and returns their results in order. The first failure aborts the other
 * tasks through their signal and is thrown once all have ended, so nothing continues in the background.
 */
export async function runConcurrently<T>(
  tasks: readonly ((signal: AbortSignal) => Promise<T>)[],
  limit: number,
  signal?: AbortSignal,
): Promise<T[]> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const failures: unknown[] = [];
  const results: T[] = [];
  const waiting = tasks.entries();
  const work = async (): Promise<void> => {
    for (const [i, task] of waiting) {
      if (failures.length > 0) return;
      try {
        either.throwIfAborted();
        // One signal per task: Node.js warns about more than ten listeners of the same signal.
        results[i] = await task(AbortSignal.any([either]));
      } catch (error) {
        failures.push(error);
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, tasks.length) }, work));
  if (failures.length > 0) throw failures[0];
  return results;
}
