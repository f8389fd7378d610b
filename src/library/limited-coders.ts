import type { ColourJob, JobResult, ModelJob } from '../engine/protocol.js';
import type { Coders, JobOptions } from '../engine/pool.js';
import type { Model } from '../model/model.js';
import { Semaphore } from '../semaphore.js';

/** The threads of a pool, of which one call uses some at most. */
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

  runColours<K extends ColourJob['kind']>(
    makeJob: () => ColourJob & { readonly kind: K },
    signal?: AbortSignal,
  ): Promise<JobResult[K]> {
    return this.semaphore.run(undefined, () => this.pool.runColours<K>(makeJob, signal), signal);
  }
}
