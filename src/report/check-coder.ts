import { runConcurrently } from '../semaphore.js';
import { type ScaleJob, scaleTasks } from '../codec/code-scales.js';
import { modelsToCode } from '../codec/models.js';
import { tileGrid } from '../codec/tile-grid.js';
import { modelParts, tileSamples } from '../codec/tile-parts.js';
import { PixrnnError } from '../errors.js';
import type { Effort } from '../effort.js';
import { Engine, type EncodeOptions, type TileSamples, compileEngine } from '../engine/engine.js';
import type { Raster } from '../image/raster.js';
import type { Model } from '../model/model.js';
import { PackageEncoder, packageTable } from './arithmetic-coding.js';

export interface CoderCheck {
  /** Number of coded symbols: one per sub-pixel, or one per binary decision. */
  readonly symbols: number;
  /** Whether both coders wrote the same bytes. */
  readonly identical: boolean;
  /** Number of bytes that the engine's coder wrote. */
  readonly bytes: number;
}

/** Sum of every frequency table (docs/FORMAT.md). */
const TOTAL = 2 ** 22;

/**
 * Codes the colours of an image's first tile with the engine and, interval by interval, with the npm package `arithmetic-coding`, and
 * compares the bytes. Runs in the calling thread; the package codes about 0.1 million symbols per second.
 */
export async function checkCoder(raster: Raster, given: Model | undefined, effort: Effort): Promise<CoderCheck> {
  const [tile] = tileGrid(raster.width, raster.height);
  if (!tile) throw new Error('an image has at least one tile');
  const { colours } = modelParts(tileSamples(raster, tile), await modelsToCode(raster, given, effort), null);
  const engine = await Engine.create(await compileEngine());
  const checkScale = (model: Model, { tile: samples, ...sideInformation }: ScaleJob): CoderCheck =>
    checkPart(engine, model, samples, { effort, ...sideInformation });
  const scales = await runConcurrently(
    scaleTasks(colours, {}, (model, jobOf) => Promise.resolve(checkScale(model, jobOf()))),
    1,
  );
  return {
    symbols: scales.reduce((sum, { symbols }) => sum + symbols, 0),
    identical: scales.every(({ identical }) => identical),
    bytes: scales.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function checkPart(engine: Engine, model: Model, samples: TileSamples, options: EncodeOptions): CoderCheck {
  const reference = new PackageEncoder();
  let symbols = 0;
  const onSymbol = (low: number, high: number): void => {
    reference.write(packageTable([low, high - low, TOTAL - high]), 1);
    symbols++;
  };
  const { payload, streamStart } = engine.encode(model, samples, { ...options, onSymbol });
  if (!payload) {
    throw new PixrnnError(
      'limit',
      'the code of the first tile does not fit in memory, because the model predicts it badly. Use another image or model.',
    );
  }
  const stream = payload.subarray(streamStart);
  return { symbols, identical: Buffer.compare(stream, reference.finish()) === 0, bytes: stream.length };
}
