import type { Coders } from '../../engine/pool.js';
import type { Model } from '../../model/model.js';
import { compressStored } from '../compress-stored.js';
import { decompressStored } from '../decompress-stored.js';
import type { Coded, FileWork, MissingTiles } from '../file-work.js';
import type { FileJob } from '../jobs.js';
import { modelOfJob } from '../models.js';
import type { Run } from '../run.js';
import type { Storage } from '../storage.js';
import { verifyStored } from '../verify-stored.js';
import type { FileResult } from './protocol.js';

/** The resources of a worker. */
export interface FarmContext {
  readonly source: Storage;
  /** Null for `verify`. */
  readonly target: Storage | null;
  readonly pool: Coders;
  /** Models besides the shipped ones. */
  readonly models: readonly Model[];
  readonly signal: AbortSignal;
  /** Pixels from which an image is split. */
  readonly splitPixels: number;
}

/**
 * Does a job: reads the source, codes it, compares, and writes the result. Doing it twice does nothing.
 * @throws PixrnnError; StorageError
 */
export async function doFile(run: Run, job: FileJob, context: FarmContext): Promise<FileResult> {
  const began = performance.now();
  const { source, target, pool, models, signal, splitPixels } = context;
  const file = await source.read(job.file);
  if (file.version !== job.version) return { kind: 'changed', version: file.version };
  const model = run.options.model && (await modelOfJob(run.options.model, models));
  const coded = await actionOf(run)({ run, job, file, target, pool, model, signal, splitPixels });
  if ('tiles' in coded) return { kind: 'split', tiles: coded.tiles };
  const seconds = (performance.now() - began) / 1000;
  return { kind: 'done', outcome: { ...coded, sourceBytes: file.bytes.length, seconds } };
}

type Action = (work: FileWork) => Promise<Coded | MissingTiles>;

function actionOf({ command }: Run): Action {
  return { compress: compressStored, decompress: decompressStored, verify: verifyStored }[command];
}
