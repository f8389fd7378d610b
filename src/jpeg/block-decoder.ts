import type { BitReader } from './bit-reader.js';
import type { DecodingTable } from './huffman-decoding.js';
import type { BlockEvents } from './block-events.js';
import type { ScanHeader } from './scan-header.js';

/** What decoders of blocks need. */
export interface BlockDecoding {
  readonly reader: BitReader;
  readonly header: ScanHeader;
  /** The Huffman tables of each component of the scan; those of kinds that it does not use may be any. */
  readonly dcTables: readonly DecodingTable[];
  readonly acTables: readonly DecodingTable[];
  /** Which coefficients of each component of the scan are not 0 (block-masks.ts); only used in progressive JPEG. */
  readonly masks: readonly Int32Array[];
  readonly events: BlockEvents;
}

/** Decodes the blocks of one kind of scan. */
export interface BlockDecoder {
  /** Whether the next block is independent of the preceding ones except for the prediction of DC. */
  readonly idle: boolean;
  /** Starts an interval of `blocks` blocks. */
  restart(blocks: number): void;
  /**
   * Decodes a block.
   * @param slot index of its component in the scan
   * @param coefficients those of the component
   * @param offset where the block starts there
   * @param block index of the block in the scan
   * @throws ScanDamage for invalid data; data that ends too early may be read as zeros
   */
  decode(slot: number, coefficients: Int16Array, offset: number, block: number): void;
}
