import type { FileInfo } from '../codec/inspect.js';
import type { Raster } from '../image/raster.js';
import type { ModelMessage } from '../engine/protocol.js';
import type { Failure } from './failure.js';
import type {
  CallOptions,
  CodingCallOptions,
  CompressedImage,
  CompressImageOptions,
  DecompressedFile,
  DecompressedRaster,
  DecompressImageOptions,
} from './options.js';

/** A file as it goes to the background thread: its bytes in pieces, which are moved there, or where it is. */
export type SentFile =
  { readonly type: 'bytes'; readonly pieces: readonly Uint8Array[] } | { readonly type: 'path'; readonly path: string };

export type SentImage = SentFile | { readonly type: 'raster'; readonly raster: Raster };

/** A model by its name or path, or by the number under which it was sent. */
export type SentModel = string | number;

/** What cannot go to another thread is left out of a call's options. */
type SentOptions<O extends CallOptions> = Omit<O, keyof CodingCallOptions | 'model' | 'models'> &
  Pick<CodingCallOptions, 'threads' | 'maxPixels' | 'maxInputBytes'>;

export interface CompressRequest {
  readonly kind: 'compress';
  readonly input: SentImage;
  readonly models: readonly SentModel[];
  readonly options: SentOptions<CompressImageOptions>;
}

export interface DecompressRequest {
  readonly kind: 'decompress';
  readonly input: SentFile;
  readonly models: readonly SentModel[];
  readonly options: SentOptions<DecompressImageOptions>;
}

export interface InspectRequest {
  readonly kind: 'inspect';
  readonly input: SentFile;
  readonly models: readonly [];
  readonly options: SentOptions<CallOptions>;
}

export type Request = CompressRequest | DecompressRequest | InspectRequest;

/** What comes back for each kind of request. */
export interface Results {
  compress: CompressedImage;
  decompress: DecompressedFile | DecompressedRaster;
  inspect: FileInfo;
}

/** What the background thread is started with. */
export interface BackgroundData {
  /** Engine threads that it may start. */
  readonly threads: number;
}

/** To the background thread. */
export type ToBackground =
  | ModelMessage
  | { readonly type: 'call'; readonly id: number; readonly request: Request }
  | { readonly type: 'abort'; readonly id: number };

/** From the background thread: how far a call is, and then its end. */
export type FromBackground =
  | { readonly type: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  | { readonly type: 'done'; readonly id: number; readonly result: Results[Request['kind']] }
  | { readonly type: 'failed'; readonly id: number; readonly failure: Failure };
