import { EnginePool } from '../engine/pool.js';

/** What compressing, decompressing and measuring have in common. */
export interface CodingOptions {
  /** Tiles coded at a time; default all cores. */
  readonly threads?: number | undefined;
  /** Threads that are running already, in place of new ones. */
  readonly pool?: EnginePool | undefined;
  /** Called with pixels done and pixels in all; verification counts as much as coding. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Runs `work` with the pool of the options, or with one of its own that ends afterwards. */
export async function withPool<T>(options: CodingOptions, work: (pool: EnginePool) => Promise<T>): Promise<T> {
  options.signal?.throwIfAborted();
  if (options.pool) return work(options.pool);
  const pool = await EnginePool.create({ threads: options.threads });
  try {
    return await work(pool);
  } finally {
    await pool.close();
  }
}

/** Adds up the rows that several tiles report on, each from its own start. */
export function progressOver(
  total: number,
  onProgress: CodingOptions['onProgress'],
): (tileWidth: number) => (rows: number) => void {
  let done = 0;
  return (tileWidth) => {
    let before = 0;
    return (rows) => {
      done += (rows - before) * tileWidth;
      before = rows;
      onProgress?.(done, total);
    };
  };
}
