import type { ErrorCode } from '../errors.js';
import type { Model } from '../model/model.js';
import type { Samples } from '../samples.js';
import type { PaletteShape, PaletteTile } from './palette-coder.js';
import type { Effort } from './effort.js';
import type { EncodedTile, MeasuredTile, SideInformation, TileSamples, TileShape } from './engine.js';

/** A tile's samples to code with a model, or its payload to decode. */
export type ModelJob = { readonly effort: Effort } & SideInformation & (EncodeJob | MeasureJob | DecodeJob);

interface EncodeJob {
  readonly kind: 'encode';
  readonly tile: TileSamples;
}

interface MeasureJob {
  readonly kind: 'measure';
  readonly tile: TileSamples;
  /** Whether the bits of each pixel are wanted as well. */
  readonly wantsPixelBits?: boolean | undefined;
}

interface DecodeJob extends TileShape {
  readonly kind: 'decode';
  readonly payload: Uint8Array;
  /** Holds the known pixels' values. */
  readonly samples?: Samples | undefined;
  readonly temperature?: number | undefined;
}

/** The same without a model, by the colour coder. */
export type PaletteJob =
  | { readonly kind: 'encode-palette'; readonly tile: PaletteTile; readonly limit: number }
  | { readonly kind: 'decode-palette'; readonly payload: Uint8Array; readonly shape: PaletteShape };

export type Job = ModelJob | PaletteJob;

/** The buffer that goes to the worker with the job, in place of a copy; all else in a job is copied. */
export function movedBuffer(job: Job): ArrayBuffer {
  return ('payload' in job ? job.payload : job.tile.samples).buffer as ArrayBuffer;
}

/** What comes back for each kind of job. */
export interface JobResult {
  encode: EncodedTile;
  measure: MeasuredTile;
  decode: Samples;
  'encode-palette': Uint8Array | null;
  'decode-palette': Samples;
}

/** The compiled coders, which every worker makes its own instances of. */
export interface CoderModules {
  readonly engine: WebAssembly.Module;
  readonly paletteCoder: WebAssembly.Module;
}

/** A model is sent to a thread once, is then named by its number, and may have to be forgotten. */
export type ModelMessage =
  | { readonly type: 'model'; readonly key: number; readonly model: Model }
  | { readonly type: 'forget'; readonly key: number };

/** From the pool to a worker; the first is `start`. */
export type ToWorker =
  | { readonly type: 'start'; readonly modules: CoderModules }
  | ModelMessage
  | { readonly type: 'job'; readonly job: Job; readonly key: number | null; readonly cancelled: Int32Array };

/** From a worker to the pool: how far the job is, and then its end. */
export type FromWorker =
  | { readonly type: 'rows'; readonly rows: number }
  | { readonly type: 'done'; readonly result: JobResult[Job['kind']] }
  | { readonly type: 'failed'; readonly message: string; readonly code: ErrorCode | null };
