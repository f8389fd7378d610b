import type { Existing } from '../batch/done.js';
import type { Coders } from '../engine/pool.js';

/** A source file to compress, read: what the flow of `compress` needs of each kind of source. */
export interface Compression {
  /** "PNG", "JPEG" */
  readonly format: string;
  /** Checks whether the output exists already. */
  readonly existing: (output: string) => Promise<Existing>;
  /** Returns the size and the expected seconds of a large image, null for others. */
  readonly estimate: (pool: Coders) => Promise<{ readonly megapixels: number; readonly seconds: number } | null>;
  readonly code: (context: CodingContext) => Promise<CompressedFile>;
  /** Reads the output back; returns how what it restores differs from the source, or null. */
  readonly differenceOf: (output: string, pool: Coders) => Promise<string | null>;
}

export interface CodingContext {
  readonly pool: Coders;
  readonly onProgress: (done: number, total: number) => void;
}

/** The output of a source, and what messages say about it. */
export interface CompressedFile {
  readonly bytes: Uint8Array;
  readonly restores: 'file' | 'pixels';
  /** "2.35 bits/dim", before the size. */
  readonly rate: string;
  /** After the size, without full stops. */
  readonly remarks: readonly string[];
  /** Fields of --json. */
  readonly json: object;
  /** Rows of --verbose. */
  readonly details: readonly (readonly [name: string, value: string])[];
}
