import type { ErrorCode } from '../errors.js';
import type { Model } from '../model/model.js';
import type { Effort } from './effort.js';
import type { EncodedTile, TileLikelihood, TileSamples } from './engine.js';

/** A tile's samples to code, or its payload to decode. */
export type Job = { readonly effort: Effort } & (
  | { readonly kind: 'encode' | 'measure'; readonly tile: TileSamples }
  | { readonly kind: 'decode'; readonly payload: Uint8Array; readonly width: number; readonly height: number }
);

/** What comes back for each kind of job. */
export interface JobResult {
  encode: EncodedTile;
  measure: TileLikelihood;
  decode: Uint8Array;
}

/** From the pool to a worker. A model is sent once, is then named by its number, and may have to be forgotten. */
export type ToWorker =
  | { readonly type: 'model'; readonly key: number; readonly model: Model }
  | { readonly type: 'forget'; readonly key: number }
  | { readonly type: 'job'; readonly key: number; readonly job: Job; readonly cancelled: Int32Array };

/** From a worker to the pool: how far the job is, and then its end. */
export type FromWorker =
  | { readonly type: 'rows'; readonly rows: number }
  | { readonly type: 'done'; readonly result: JobResult[Job['kind']] }
  | { readonly type: 'failed'; readonly message: string; readonly code: ErrorCode | null };
