import type { Model } from '../../model/model.js';
import type { FileJob, FileOutcome, TileJob } from '../jobs.js';
import type { Run } from '../run.js';

/* Messages between a worker's main thread, which keeps the locks of its jobs, and the thread that does them. */

export interface FileRequest {
  readonly kind: 'file';
  readonly run: Run;
  readonly job: FileJob;
  readonly models: readonly [];
}

export interface TileRequest {
  readonly kind: 'tile';
  readonly run: Run;
  readonly job: TileJob;
  readonly models: readonly [];
}

export type FarmRequest = FileRequest | TileRequest;

/** What became of a file. */
export type FileResult =
  | { readonly kind: 'done'; readonly outcome: FileOutcome }
  /** The version of the source differs from that of the job. */
  | { readonly kind: 'changed'; readonly version: string }
  /** These tiles are to be coded as jobs of their own. */
  | { readonly kind: 'split'; readonly tiles: readonly number[] };

/** Results by kind of request. */
export interface FarmResults {
  file: FileResult;
  tile: FileOutcome;
}

/** Start options of the thread. */
export interface FarmThreadData {
  readonly threads: number;
  readonly roots: readonly string[];
  /** Models besides the shipped ones. */
  readonly models: readonly Model[];
  /** Pixels from which an image is split. */
  readonly splitPixels: number;
}
