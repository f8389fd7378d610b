import type { PreviewPicture } from '../codec/embedded-preview.js';
import type { FileInfo } from '../codec/inspect.js';
import type { BitMap } from '../heat-map/bit-map.js';
import type { Raster } from '../image/raster.js';
import type { FromService, ToService } from '../service/messages.js';
import type { CallOptions, CompressedImage } from '../service/options.js';
import type { EngineEvent, EngineRequest } from './engine-messages.js';
import type {
  CompressOptions,
  DecodedTile,
  DecompressOptions,
  DecompressResult,
  MeasureOptions,
  ModelInput,
  ReadPicture,
  SampleOptions,
} from './options.js';

/* Messages between a page and its background thread. */

/** A file with its name. */
export interface SentFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly name: string | null;
}

export type SentImage = SentFile | { readonly raster: Raster };

/** The options of a call that can be sent to a worker. */
type Sent<O> = Omit<O, 'signal' | 'onProgress' | 'onTile' | 'onRows' | 'onRow' | 'model' | 'models'>;

/** No model is sent by key; `given` are names of shipped models and model files. */
interface WithModels {
  readonly models: readonly [];
  readonly given: readonly ModelInput[];
}

/** Which pixels are sent before the image is complete. */
export interface WantedPixels {
  readonly tiles: boolean;
  readonly rows: boolean;
}

/** Requests by kind. */
export interface Requests {
  compress: { readonly input: SentImage; readonly options: Sent<CompressOptions> };
  decompress: { readonly input: SentFile; readonly options: Sent<DecompressOptions>; readonly wants: WantedPixels };
  inspect: { readonly input: SentFile; readonly options: Sent<CallOptions> };
  preview: { readonly input: SentFile };
  read: { readonly input: SentFile; readonly options: Sent<CompressOptions> };
  estimate: { readonly input: SentImage; readonly options: Sent<MeasureOptions> };
  measure: { readonly input: SentImage; readonly options: Sent<MeasureOptions> };
  sample: { readonly options: Sent<SampleOptions> };
}

export type Kind = keyof Requests;
export type RequestOf<K extends Kind> = { readonly kind: K } & Requests[K] & WithModels;
export type Request = { [K in Kind]: RequestOf<K> }[Kind];

/** Results by kind of request. */
export interface Results {
  compress: CompressedImage;
  decompress: DecompressResult;
  inspect: FileInfo;
  preview: PreviewPicture | null;
  read: ReadPicture;
  /** Seconds. */
  estimate: number;
  measure: MeasuredBits;
  sample: Raster;
}

/** Where the bits of an image go. */
export interface MeasuredBits extends BitMap {
  /** "bits per pixel", or "bits per 8 x 8 pixels" of a JPEG file. */
  readonly unit: string;
  /** Upper end of a colour scale for these bits. */
  readonly max: number;
  /** Bits of the whole image. */
  readonly total: number;
}

/** Pixels to paint while a call runs: a tile, or rows of a tile or of a sample. */
export type PixelsEvent = { readonly tile: DecodedTile } | { readonly rows: DecodedTile };

export type ToBackground = ToService<Request> | EngineEvent;
export type FromBackground = FromService<Results[Kind], PixelsEvent> | EngineRequest;
