import type { Codec } from '../library/codec.js';
import type { Model } from '../model/model.js';
import { compressStored } from './compress-stored.js';
import { decompressStored } from './decompress-stored.js';
import type { Coded, FileWork } from './file-work.js';
import type { FileJob, FileOutcome } from './jobs.js';
import { modelOfJob } from './models.js';
import type { Run } from './run.js';
import type { Storage } from './storage.js';
import { verifyStored } from './verify-stored.js';

/** The resources of a worker. */
export interface FileContext {
  readonly source: Storage;
  readonly target: Storage | null;
  readonly codec: Codec;
  readonly models: readonly Model[];
  readonly signal: AbortSignal;
}

/** The version of a source differs from that of its job. */
export class ChangedFile extends Error {
  constructor(readonly version: string) {
    super('the file changed after it was submitted');
  }
}

/**
 * Does a job: reads the source, codes it, compares, and writes the result. Doing it twice does nothing.
 * @throws ChangedFile; PixrnnError; StorageError
 */
export async function doFile(run: Run, job: FileJob, context: FileContext): Promise<FileOutcome> {
  const began = performance.now();
  const { source, target, codec, models, signal } = context;
  const file = await source.read(job.file);
  if (file.version !== job.version) throw new ChangedFile(file.version);
  const model = run.options.model && (await modelOfJob(run.options.model, models));
  const coded = await actionOf(run)({ run, job, file, target, codec, model, signal });
  return { ...coded, sourceBytes: file.bytes.length, seconds: (performance.now() - began) / 1000 };
}

function actionOf({ command }: Run): (work: FileWork) => Promise<Coded> {
  return { compress: compressStored, decompress: decompressStored, verify: verifyStored }[command];
}
