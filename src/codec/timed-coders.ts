import { PixrnnError } from '../errors.js';
import type { Coders, JobOptions } from '../engine/pool.js';
import type { JobResult, ModelJob, PlainJob } from '../engine/protocol.js';
import type { Model } from '../model/model.js';
import { type CodingOptions, withPool } from './coding-options.js';
import { MAX_SECONDS } from './decoding-time.js';

/** Jobs may need so many times the estimate: other programs may share the cores. */
const TOLERANCE = 10;

/** Longest delay of a timer: 2^31 - 1 ms. */
const MAX_DELAY = 2 ** 31 - 1;

/**
 * The threads of a pool, for one file: its jobs are stopped once they have run for `limit` seconds in all. The estimate
 * before decoding (decoding-time.ts) cannot know what a hostile payload costs.
 */
class TimedCoders implements Coders {
  private spent = 0;

  constructor(
    private readonly pool: Coders,
    private readonly limit: number,
  ) {}

  get threads(): number {
    return this.pool.threads;
  }

  run<K extends ModelJob['kind']>(
    model: Model,
    makeJob: () => ModelJob & { readonly kind: K },
    options: JobOptions = {},
  ): Promise<JobResult[K]> {
    return this.timed(options, (signal, start) =>
      this.pool.run<K>(
        model,
        () => {
          start();
          return makeJob();
        },
        { ...options, signal },
      ),
    );
  }

  runPlain<K extends PlainJob['kind']>(
    makeJob: () => PlainJob & { readonly kind: K },
    options: JobOptions = {},
  ): Promise<JobResult[K]> {
    return this.timed(options, (signal, start) =>
      this.pool.runPlain<K>(
        () => {
          start();
          return makeJob();
        },
        { ...options, signal },
      ),
    );
  }

  /** Runs a job; its time counts from the call of `start`, when a thread is free. */
  private async timed<T>(
    { signal }: JobOptions,
    run: (signal: AbortSignal, start: () => void) => Promise<T>,
  ): Promise<T> {
    const stop = new AbortController();
    let began: number | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const start = (): void => {
      const left = 1000 * (this.limit - this.spent);
      if (left <= 0) throw this.exceeded();
      began = performance.now();
      if (left < MAX_DELAY) timer = setTimeout(() => stop.abort(this.exceeded()), left);
    };
    try {
      return await run(signal ? AbortSignal.any([signal, stop.signal]) : stop.signal, start);
    } finally {
      clearTimeout(timer);
      if (began !== null) this.spent += (performance.now() - began) / 1000;
    }
  }

  private exceeded(): PixrnnError {
    const what = `decoding it needs more than ${this.limit} s, much more than estimated`;
    return new PixrnnError('limit', `${what}. If you trust the file, raise maxSeconds.`, { option: 'maxSeconds' });
  }
}

/**
 * Runs a task like `withPool`, with threads that stop once their jobs have run for `maxSeconds` in all, and for ten times
 * as long as estimated.
 */
export function withTimedPool<T>(
  options: CodingOptions & { readonly maxSeconds?: number | undefined },
  estimate: number,
  task: (pool: Coders) => Promise<T>,
): Promise<T> {
  const { maxSeconds = MAX_SECONDS } = options;
  return withPool(options, (pool) => task(new TimedCoders(pool, Math.max(maxSeconds, TOLERANCE * estimate))));
}
