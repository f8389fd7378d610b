import { forEachCode, type HuffmanSpec, MAX_CODE_BITS } from './huffman-spec.js';

/** Codes of up to this many bits are decoded with one table access. */
export const LOOKUP_BITS = 9;

/** A Huffman table for decoding; it counts how often each symbol occurs. */
export class DecodingTable {
  /** [2^LOOKUP_BITS] for the next bits: length << 8 | symbol, or 0 for a longer code and one that is not used. */
  readonly lookup = new Uint16Array(2 ** LOOKUP_BITS);
  /** For each length of 0..16 bits: the first code, and the first code beyond those of the length. */
  readonly starts = new Int32Array(MAX_CODE_BITS + 1);
  readonly ends = new Int32Array(MAX_CODE_BITS + 1);
  /** For each length: what to add to a code for its index in `symbols`. */
  readonly indices = new Int32Array(MAX_CODE_BITS + 1);
  /** Occurrences of each symbol so far. */
  readonly frequencies = new Uint32Array(256);

  /** For each symbol: the index of its last code. */
  private readonly used = new Int16Array(256);

  constructor(readonly spec: HuffmanSpec) {
    spec.symbols.forEach((symbol, index) => (this.used[symbol] = index));
    let index = 0;
    forEachCode(spec, (length, code, symbol) => {
      if (this.ends[length] === 0) this.starts[length] = code;
      this.ends[length] = code + 1;
      this.indices[length] = index - code;
      const isUsed = this.used[symbol] === index++;
      if (length > LOOKUP_BITS || !isUsed) return;
      const from = code << (LOOKUP_BITS - length);
      this.lookup.fill((length << 8) | symbol, from, from + 2 ** (LOOKUP_BITS - length));
    });
  }

  /** Returns the symbol of a code of a length; -1 if there is none. */
  symbolOf(code: number, length: number): number {
    if (code < this.starts[length]! || code >= this.ends[length]!) return -1;
    const index = code + this.indices[length]!;
    const symbol = this.spec.symbols[index]!;
    return this.used[symbol] === index ? symbol : -1;
  }
}
