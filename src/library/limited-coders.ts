import type { JobResult, ModelJob, PlainJob } from '../engine/protocol.js';
import type { Coders, JobOptions } from '../engine/pool.js';
import type { Model } from '../model/model.js';
import { Semaphore } from '../semaphore.js';

/** The threads of a pool, limited to a number that one call may use. */
export class LimitedCoders implements Coders {
  private readonly semaphore: Semaphore;

  constructor(
    private readonly pool: Coders,
    readonly threads: number,
  ) {
    this.semaphore = Semaphore.of(threads);
  }

  run<K extends ModelJob['kind']>(
    model: Model,
    makeJob: () => ModelJob & { readonly kind: K },
    options: JobOptions = {},
  ): Promise<JobResult[K]> {
    return this.semaphore.run(undefined, () => this.pool.run<K>(model, makeJob, options), options.signal);
  }

  runPlain<K extends PlainJob['kind']>(
    makeJob: () => PlainJob & { readonly kind: K },
    options: JobOptions = {},
  ): Promise<JobResult[K]> {
    return this.semaphore.run(undefined, () => this.pool.runPlain<K>(makeJob, options), options.signal);
  }
}
