import type { Samples } from '../samples.js';
import type { Effort } from '../effort.js';
import type { SideInformation } from './tile.js';

/* What the engine takes and returns for a tile. */

/** Code lengths of a tile per channel, in bits. */
export interface TileLikelihood {
  /** -log2 of the probabilities passed to the coder, before quantisation. */
  readonly codeLengthBits: number[];
  /** -log2 of the model's own probabilities; equal to `codeLengthBits` without a mixer. */
  readonly modelCodeLengthBits: number[];
}

export interface MeasuredTile extends TileLikelihood {
  /** If requested, the code length of each pixel, summed over its channels, f32[height][width]; 0 for known pixels. */
  readonly pixelBits?: Float32Array;
}

export interface EncodedTile extends TileLikelihood {
  /** The coded samples; null if they would exceed the engine's memory, which is larger than the samples of a tile. */
  readonly payload: Uint8Array | null;
  /** Start of the arithmetic coder's stream in the payload: after the gain byte of samples of more than 8 bits. */
  readonly streamStart: number;
}

/** Called between rows with the number of rows done. */
export type RowsDone = (rows: number) => void;

/** Options for coding a tile. */
export interface TileOptions extends SideInformation {
  readonly effort?: Effort | undefined;
  readonly onRows?: RowsDone | undefined;
}

export interface EncodeOptions extends TileOptions {
  /**
   * Called for every symbol and every binary decision (a sub-pixel may need several) with its interval of cumulative
   * counts, out of 2^22.
   */
  readonly onSymbol?: ((low: number, high: number) => void) | undefined;
  /** Memory that gets the payload while it grows (shared-payload.ts), for a decoder in another thread. */
  readonly shared?: SharedArrayBuffer | undefined;
}

export interface DecodeOptions extends TileOptions {
  /** The values of the known samples, [height][width][channels]; other samples are ignored. */
  readonly samples?: Samples | undefined;
  /**
   * For sampling, that is, decoding random bytes: values below 1 sharpen the distributions, values above 1 flatten
   * them. 0.05 to 10; default 1, as needed for decoding files.
   */
  readonly temperature?: number | undefined;
  /** Called with the rows that were decoded since the last call: every row by itself. */
  readonly onSamples?: SamplesDone | undefined;
}

/** Receives the samples of decoded rows, [rows][width][channels], and the number of the first row. */
export type SamplesDone = (row: number, samples: Samples) => void;

export interface MeasureOptions extends TileOptions {
  /**
   * Flags of effort.ts that replace those of the effort, to measure the contribution of one part. No file can be coded
   * with them.
   */
  readonly flags?: number | undefined;
  /** Return the bits of each pixel as well; default false. */
  readonly wantsPixelBits?: boolean | undefined;
}
