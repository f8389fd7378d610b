import { DEFAULT_EFFORT, EFFORTS, type Effort } from '../effort.js';
import { type Coders, EnginePool } from '../engine/pool.js';
import { PixrnnError } from '../errors.js';
import type { Model } from '../model/model.js';

/** Options shared by compressing, decompressing and measuring. */
export interface CodingOptions {
  /** Number of tiles coded concurrently; default: number of cores. */
  readonly threads?: number | undefined;
  /** A running thread pool to use instead of starting threads. */
  readonly pool?: Coders | undefined;
  /** Called with the number of pixels done and the total; verification counts as much as coding. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Further options shared by compressing and measuring. */
export interface ModelOptions extends CodingOptions {
  /**
   * A gray or RGB model; default: the shipped model for the image. Alpha and gray tiles of RGB images are coded with
   * the shipped gray model.
   */
  readonly model?: Model | undefined;
  /** 1 to 4: a higher effort is slower and makes smaller files; default 3. */
  readonly effort?: Effort | undefined;
}

/** Runs `task` with the pool of the options, or with a temporary pool that is closed afterwards. */
export async function withPool<T>(options: CodingOptions, task: (pool: Coders) => Promise<T>): Promise<T> {
  options.signal?.throwIfAborted();
  if (options.pool) return task(options.pool);
  const pool = await EnginePool.create({ threads: options.threads });
  try {
    return await task(pool);
  } finally {
    await pool.close();
  }
}

/** Returns the given effort or the default. Throws `usage` if it is not a valid effort. */
export function effortToCode(given: Effort = DEFAULT_EFFORT): Effort {
  if (EFFORTS.includes(given)) return given;
  throw new PixrnnError('usage', `the effort must be 1, 2, 3 or 4, not ${String(given)}. Use one of these.`);
}

/** Returns, for a tile of the given width, a callback for the number of rows done. */
export type TileProgress = (tileWidth: number) => (rows: number) => void;

/** Sums the row counts reported by concurrent tiles, each counted from its first row. */
export function progressOver(total: number, onProgress: CodingOptions['onProgress']): TileProgress {
  let done = 0;
  return (tileWidth) => {
    let before = 0;
    return (rows) => {
      if (rows <= before) return; // a tile that is coded with two representations reports its rows twice
      done += (rows - before) * tileWidth;
      before = rows;
      onProgress?.(done, total);
    };
  };
}
