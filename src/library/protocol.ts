import type { FileInfo } from '../codec/inspect.js';
import type { Raster } from '../image/raster.js';
import type {
  CallOptions,
  CodingCallOptions,
  CompressedImage,
  CompressImageOptions,
  DecompressedFile,
  DecompressedRaster,
  DecompressImageOptions,
} from '../service/options.js';

/** A file sent to the background thread: pieces of its bytes, which are transferred, or its path. */
export type SentFile =
  { readonly type: 'bytes'; readonly pieces: readonly Uint8Array[] } | { readonly type: 'path'; readonly path: string };

export type SentImage = SentFile | { readonly type: 'raster'; readonly raster: Raster };

/** A model, by its name or path, or by the key under which it was sent. */
export type SentModel = string | number;

/** The options of a call that can be sent to another thread. */
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

/** Results by kind of request. */
export interface Results {
  compress: CompressedImage;
  decompress: DecompressedFile | DecompressedRaster;
  inspect: FileInfo;
}

/** Start options of the background thread. */
export interface BackgroundData {
  /** Maximum number of engine threads. */
  readonly threads: number;
}
