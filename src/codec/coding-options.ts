import { DEFAULT_EFFORT, EFFORTS, type Effort } from '../engine/effort.js';
import { type Coders, EnginePool } from '../engine/pool.js';
import { PixrnnError } from '../errors.js';
import type { Model } from '../model/model.js';

/** What compressing, decompressing and measuring have in common. */
export interface CodingOptions {
  /** Tiles coded at a time; default all cores. */
  readonly threads?: number | undefined;
  /** Threads that are running already, in place of new ones. */
  readonly pool?: Coders | undefined;
  /** Called with pixels done and pixels in all; verification counts as much as coding. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What compressing and measuring have in common beyond that. */
export interface ModelOptions extends CodingOptions {
  /** For gray or RGB; default: the shipped model for the image. Alpha and gray tiles of RGB images are coded with the shipped one for gray. */
  readonly model?: Model | undefined;
  /** Smaller for slower, 1 to 3; default 3. */
  readonly effort?: Effort | undefined;
}

/** Runs `work` with the pool of the options, or with one of its own that ends afterwards. */
export async function withPool<T>(options: CodingOptions, work: (pool: Coders) => Promise<T>): Promise<T> {
  options.signal?.throwIfAborted();
  if (options.pool) return work(options.pool);
  const pool = await EnginePool.create({ threads: options.threads });
  try {
    return await work(pool);
  } finally {
    await pool.close();
  }
}

/** The effort to code with: the given one or the default. Throws `usage` for a number that is none. */
export function effortToCode(given: Effort = DEFAULT_EFFORT): Effort {
  if (EFFORTS.includes(given)) return given;
  throw new PixrnnError('usage', `the effort must be 1, 2 or 3, not ${String(given)}. Give another.`);
}

/** For a tile of a width, what to call with the rows that are done. */
export type TileProgress = (tileWidth: number) => (rows: number) => void;

/** Adds up the rows that several tiles report on, each from its own start. */
export function progressOver(total: number, onProgress: CodingOptions['onProgress']): TileProgress {
  let done = 0;
  return (tileWidth) => {
    let before = 0;
    return (rows) => {
      if (rows <= before) return; // a tile that is coded in two ways goes over its rows twice
      done += (rows - before) * tileWidth;
      before = rows;
      onProgress?.(done, total);
    };
  };
}
