import { forEachCode, type HuffmanSpec, MAX_CODE_BITS } from './huffman-spec.js';

/** Codes of up to this many bits are decoded with one table access. */
export const LOOKUP_BITS = 9;

/** A Huffman table for decoding; it counts how often each symbol occurs. */
export class DecodingTable {
  /** [2^LOOKUP_BITS] for the next bits: length << 8 | symbol, or 0 for a longer or unused code. */
  readonly lookup = new Uint16Array(2 ** LOOKUP_BITS);
  /** For each length of 0..16 bits: the first code beyond those of the length. */
  readonly ends = new Int32Array(MAX_CODE_BITS + 1);
  /** For each length: what to add to a code for its index in `symbols`. */
  readonly indices = new Int32Array(MAX_CODE_BITS + 1);
  /** Occurrences of each symbol so far. */
  readonly frequencies = new Uint32Array(256);
  readonly symbols: Uint8Array;

  constructor(readonly spec: HuffmanSpec) {
    this.symbols = spec.symbols;
    let index = 0;
    forEachCode(spec, (length, code, symbol) => {
      this.ends[length] = code + 1;
      this.indices[length] = index++ - code;
      if (length > LOOKUP_BITS) return;
      const from = code << (LOOKUP_BITS - length);
      this.lookup.fill((length << 8) | symbol, from, from + 2 ** (LOOKUP_BITS - length));
    });
  }
}
