import type { ErrorCode } from '../errors.js';
import type { Model } from '../model/model.js';
import type { Raster } from '../image/raster.js';
import type { JpegImage, JpegShape } from '../jpeg/coefficients.js';
import type { Phase } from '../origin/chroma-grid.js';
import type { DecodedImage } from '../origin/dct/find-blocks.js';
import type { FoundCoefficients } from '../origin/dct/find-coefficients.js';
import type { FoundPlanes, RgbImage } from '../origin/find-planes.js';
import type { Samples } from '../samples.js';
import type { CancelFlag } from './cancellation.js';
import type { PaletteShape, PaletteTile } from './palette-coder.js';
import type { CoderModules } from './coder-modules.js';
import type { Effort, JpegEffort } from '../effort.js';
import type { EncodedTile, MeasuredTile, SideInformation, TileSamples, TileShape } from './engine.js';

/** Samples to code with a model, or a payload to decode. */
export type ModelJob = { readonly effort: Effort } & SideInformation & (EncodeJob | MeasureJob | DecodeJob);

interface EncodeJob {
  readonly kind: 'encode';
  readonly tile: TileSamples;
  /** Memory that gets the payload while it grows. */
  readonly shared?: SharedArrayBuffer | undefined;
}

interface MeasureJob {
  readonly kind: 'measure';
  readonly tile: TileSamples;
  /** Return the bits of each pixel as well. */
  readonly wantsPixelBits?: boolean | undefined;
}

interface DecodeJob extends TileShape {
  readonly kind: 'decode';
  /** Transferred, or shared memory that an `encode` job is filling. */
  readonly payload: Uint8Array | SharedArrayBuffer;
  /** Contains the values of the known samples. */
  readonly samples?: Samples | undefined;
  readonly temperature?: number | undefined;
  /** Send the samples of each row as soon as they are decoded. */
  readonly wantsSamples?: boolean | undefined;
}

/** A job without a model, for the palette coder. */
export type PaletteJob =
  | { readonly kind: 'encode-palette'; readonly tile: PaletteTile; readonly limit: number }
  | { readonly kind: 'decode-palette'; readonly payload: Uint8Array; readonly shape: PaletteShape };

interface EncodeJpegJob {
  readonly kind: 'encode-jpeg';
  readonly image: JpegImage;
  readonly effort: JpegEffort;
  readonly limit: number;
  /** Return the bits of each block as well. */
  readonly wantsBlockBits?: boolean | undefined;
}

/** The coded coefficients of a JPEG image. */
export interface EncodedJpeg {
  readonly payload: Uint8Array;
  /** If asked for, the code length of each block, as `allocateBlockBits` lays it out. */
  readonly blockBits: readonly Float32Array[] | null;
}

/** A job of the coder of JPEG coefficients. */
export type JpegJob =
  | EncodeJpegJob
  | {
      readonly kind: 'decode-jpeg';
      readonly payload: Uint8Array;
      readonly shape: JpegShape;
      readonly effort: JpegEffort;
    };

/** A job that makes or applies a recipe (src/recipe). */
export type RecipeJob = { readonly raster: Raster; readonly metadata: readonly Uint8Array[] } & (
  | { readonly kind: 'make-recipe'; readonly source: Uint8Array }
  | { readonly kind: 'rebuild-source'; readonly recipe: Uint8Array }
);

/** A job that finds the planes from which an image was computed (src/origin). */
export interface PlanesJob {
  readonly kind: 'find-planes';
  readonly tile: RgbImage;
  /** Index in `ORIGINS`. */
  readonly origin: number;
  readonly phase: Phase;
}

/** A job that finds the JPEG coefficients from which an image was decoded (src/origin/dct). */
export interface CoefficientsJob {
  readonly kind: 'find-coefficients';
  readonly tile: DecodedImage;
  /** Index in `ORIGINS`; null for gray. */
  readonly origin: number | null;
  readonly phase: Phase;
}

/** A job that needs no model. */
export type PlainJob = PaletteJob | JpegJob | RecipeJob | PlanesJob | CoefficientsJob;

export type Job = ModelJob | PlainJob;

/** Returns the buffers that are transferred to the worker; the rest of a job is copied. */
export function movedBuffers(job: Job): ArrayBuffer[] {
  if ('image' in job) return coefficientBuffers(job.image);
  if ('raster' in job) return [job.raster.samples.buffer as ArrayBuffer];
  const bytes = 'payload' in job ? job.payload : job.tile.samples;
  return ArrayBuffer.isView(bytes) ? [bytes.buffer as ArrayBuffer] : [];
}

/** Returns the buffers of an image's coefficients. */
export function coefficientBuffers({ components }: JpegImage): ArrayBuffer[] {
  return components.map(({ coefficients }) => coefficients.buffer as ArrayBuffer);
}

/** The result of each kind of job. */
export interface JobResult {
  encode: EncodedTile;
  measure: MeasuredTile;
  decode: Samples;
  'encode-palette': Uint8Array | null;
  'decode-palette': Samples;
  'encode-jpeg': EncodedJpeg | null;
  'decode-jpeg': JpegImage;
  'make-recipe': Uint8Array | null;
  'rebuild-source': Uint8Array;
  'find-planes': FoundPlanes;
  'find-coefficients': FoundCoefficients | null;
}

/** A model is sent to a thread once, then referred to by its key until it is forgotten. */
export type ModelMessage =
  | { readonly type: 'model'; readonly key: number; readonly model: Model }
  | { readonly type: 'forget'; readonly key: number };

/** Messages from the pool to a worker; the first is `start`. */
export type ToWorker =
  | { readonly type: 'start'; readonly modules: CoderModules }
  | ModelMessage
  | { readonly type: 'job'; readonly job: Job; readonly key: number | null; readonly cancelled: CancelFlag };

/** Messages from a worker to the pool: progress of the job, then its result or failure. */
export type FromWorker =
  | { readonly type: 'rows'; readonly rows: number }
  | { readonly type: 'samples'; readonly row: number; readonly samples: Samples }
  | { readonly type: 'done'; readonly result: JobResult[Job['kind']] }
  | { readonly type: 'failed'; readonly message: string; readonly code: ErrorCode | null };
