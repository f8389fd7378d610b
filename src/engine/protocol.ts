import type { ErrorCode } from '../errors.js';
import type { Model } from '../model/model.js';
import type { Samples } from '../samples.js';
import type { PaletteShape, PaletteTile } from './palette-coder.js';
import type { Effort } from './effort.js';
import type { EncodedTile, MeasuredTile, SideInformation, TileSamples, TileShape } from './engine.js';

/** Samples to code with a model, or a payload to decode. */
export type ModelJob = { readonly effort: Effort } & SideInformation & (EncodeJob | MeasureJob | DecodeJob);

interface EncodeJob {
  readonly kind: 'encode';
  readonly tile: TileSamples;
}

interface MeasureJob {
  readonly kind: 'measure';
  readonly tile: TileSamples;
  /** Return the bits of each pixel as well. */
  readonly wantsPixelBits?: boolean | undefined;
}

interface DecodeJob extends TileShape {
  readonly kind: 'decode';
  readonly payload: Uint8Array;
  /** Contains the values of the known pixels. */
  readonly samples?: Samples | undefined;
  readonly temperature?: number | undefined;
}

/** A job without a model, for the palette coder. */
export type PaletteJob =
  | { readonly kind: 'encode-palette'; readonly tile: PaletteTile; readonly limit: number }
  | { readonly kind: 'decode-palette'; readonly payload: Uint8Array; readonly shape: PaletteShape };

export type Job = ModelJob | PaletteJob;

/** Returns the buffer that is transferred to the worker; the rest of a job is copied. */
export function movedBuffer(job: Job): ArrayBuffer {
  return ('payload' in job ? job.payload : job.tile.samples).buffer as ArrayBuffer;
}

/** The result of each kind of job. */
export interface JobResult {
  encode: EncodedTile;
  measure: MeasuredTile;
  decode: Samples;
  'encode-palette': Uint8Array | null;
  'decode-palette': Samples;
}

/** The compiled coders; every worker creates its own instances. */
export interface CoderModules {
  readonly engine: WebAssembly.Module;
  readonly paletteCoder: WebAssembly.Module;
}

/** A model is sent to a thread once, then referred to by its key until it is forgotten. */
export type ModelMessage =
  | { readonly type: 'model'; readonly key: number; readonly model: Model }
  | { readonly type: 'forget'; readonly key: number };

/** Messages from the pool to a worker; the first is `start`. */
export type ToWorker =
  | { readonly type: 'start'; readonly modules: CoderModules }
  | ModelMessage
  | { readonly type: 'job'; readonly job: Job; readonly key: number | null; readonly cancelled: Int32Array };

/** Messages from a worker to the pool: progress of the job, then its result or failure. */
export type FromWorker =
  | { readonly type: 'rows'; readonly rows: number }
  | { readonly type: 'done'; readonly result: JobResult[Job['kind']] }
  | { readonly type: 'failed'; readonly message: string; readonly code: ErrorCode | null };
