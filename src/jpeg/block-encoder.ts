import type { BitWriter } from './bit-writer.js';
import type { EncodingTable } from './huffman-encoding.js';
import type { ScanHeader } from './scan-header.js';
import type { RunEndQueue, ZeroRunQueue } from './scan-queues.js';

/** What encoders of blocks need. */
export interface BlockEncoding {
  readonly writer: BitWriter;
  readonly header: ScanHeader;
  /** The Huffman tables of each component of the scan; those of kinds that it does not use may be any. */
  readonly dcTables: readonly EncodingTable[];
  readonly acTables: readonly EncodingTable[];
  /** Which coefficients of each component of the scan are not 0 (block-masks.ts). */
  readonly masks: readonly Int32Array[];
  readonly zeroRuns: ZeroRunQueue;
  readonly runEnds: RunEndQueue;
}

/** Encodes the blocks of one kind of scan. */
export interface BlockEncoder {
  /** Starts an interval. */
  restart(): void;
  /**
   * Encodes a block.
   * @param slot index of its component in the scan
   * @param coefficients those of the component
   * @param offset where the block starts there
   * @param block index of the block in the scan
   */
  encode(slot: number, coefficients: Int16Array, offset: number, block: number): void;
  /** Ends an interval: appends what is still pending. */
  finish(): void;
}
