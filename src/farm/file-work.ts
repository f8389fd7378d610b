import type { Codec } from '../library/codec.js';
import type { Model } from '../model/model.js';
import type { FileJob, FileOutcome } from './jobs.js';
import type { Run } from './run.js';
import type { Storage, StoredFile } from './storage.js';

/** What a file is done with. */
export interface FileWork {
  readonly run: Run;
  readonly job: FileJob;
  readonly file: StoredFile;
  /** Null for `verify`. */
  readonly target: Storage | null;
  readonly codec: Codec;
  readonly model: Model | undefined;
  readonly signal: AbortSignal;
}

/** What was done with a file; the output is written. */
export type Coded = Omit<FileOutcome, 'seconds' | 'sourceBytes'>;
