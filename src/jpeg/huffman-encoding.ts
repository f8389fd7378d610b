import { forEachCode, type HuffmanSpec } from './huffman-spec.js';

/** A Huffman table for encoding; it counts how often each symbol occurs. */
export class EncodingTable {
  /** Occurrences of each symbol so far. */
  readonly frequencies = new Uint32Array(256);

  private constructor(
    /** For each symbol: code << 5 | length, or 0 if the table has no code for it. */
    readonly codes: Uint32Array,
  ) {}

  static of(spec: HuffmanSpec): EncodingTable {
    const codes = new Uint32Array(256);
    forEachCode(spec, (length, code, symbol) => {
      codes[symbol] = (code << 5) | length;
    });
    return new EncodingTable(codes);
  }

  /** Returns a table with a 1-bit code for every symbol, to count symbols by encoding them. */
  static forCounting(): EncodingTable {
    return new EncodingTable(new Uint32Array(256).fill(1));
  }
}
