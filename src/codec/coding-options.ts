import { DEFAULT_EFFORT, EFFORTS, type Effort } from '../engine/effort.js';
import { EnginePool } from '../engine/pool.js';
import { PixrnnError } from '../errors.js';
import { type Raster, channelsName, checkRaster } from '../image/raster.js';
import type { Model } from '../model/model.js';
import { modelFor } from '../model/registry.js';

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

/** What compressing and measuring have in common beyond that. */
export interface ModelOptions extends CodingOptions {
  /** Default: the shipped model for the image's channels. */
  readonly model?: Model | undefined;
  /** Smaller for slower, 1 to 3; default 3. */
  readonly effort?: Effort | undefined;
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

/** The model to code a raster with: the given one or the shipped one. Throws `usage` where they do not fit together. */
export async function modelToCode(raster: Raster, given: Model | undefined): Promise<Model> {
  checkRaster(raster);
  const { channels } = raster;
  const model = given ?? (await modelFor(channels));
  if (model.spec.channels === channels) return model;
  throw new PixrnnError(
    'usage',
    `the model ${model.name} is for ${channelsName(model.spec.channels)} and the image is ${channelsName(channels)}. Use another model.`,
  );
}

/** The effort to code with: the given one or the default. Throws `usage` for a number that is none. */
export function effortToCode(given: Effort = DEFAULT_EFFORT): Effort {
  if (EFFORTS.includes(given)) return given;
  throw new PixrnnError('usage', `the effort must be 1, 2 or 3, not ${String(given)}. Give another.`);
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
