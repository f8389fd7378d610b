import type { Coders } from '../engine/pool.js';
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
  readonly pool: Coders;
  readonly model: Model | undefined;
  readonly signal: AbortSignal;
  /** Pixels from which an image is split. */
  readonly splitPixels: number;
}

/** The tiles of a large image that are to be coded as jobs of their own, before its file is assembled. */
export interface MissingTiles {
  readonly tiles: readonly number[];
}

/** What was done with a file; the output is written. */
export type Coded = Omit<FileOutcome, 'seconds' | 'sourceBytes'>;
