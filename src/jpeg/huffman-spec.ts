import { equalBytes } from '../bytes.js';

/** A Huffman table as a DHT segment defines it (ITU-T T.81, B.2.4.2). */
export interface HuffmanSpec {
  /** Number of codes of each length, 1..16 bits: 16 numbers. */
  readonly counts: Uint8Array;
  /** The symbols in the order of their codes: at most 256. Of several codes for a symbol, only the last one is used. */
  readonly symbols: Uint8Array;
}

/** Length of the longest code in bits. */
export const MAX_CODE_BITS = 16;

/** Returns whether two tables are the same. */
export function equalSpecs(a: HuffmanSpec, b: HuffmanSpec): boolean {
  return equalBytes(a.counts, b.counts) && equalBytes(a.symbols, b.symbols);
}

/** Returns the number of symbols that the counts of code lengths announce. */
export function symbolCount(counts: Uint8Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Returns whether all codes fit their lengths and there are at most 256. */
export function isValidSpec({ counts, symbols }: HuffmanSpec): boolean {
  let code = 0;
  for (let length = 1; length <= MAX_CODE_BITS; length++) {
    code = code * 2 + counts[length - 1]!;
    if (code > 2 ** length) return false;
  }
  return symbols.length <= 256 && symbols.length === symbolCount(counts);
}

/** Calls back with the length in bits, the code and the symbol of each code in ascending order (annex C of T.81). */
export function forEachCode(spec: HuffmanSpec, visit: (length: number, code: number, symbol: number) => void): void {
  let code = 0;
  let next = 0;
  for (let length = 1; length <= MAX_CODE_BITS; length++, code <<= 1) {
    for (let left = spec.counts[length - 1]!; left > 0; left--) visit(length, code++, spec.symbols[next++]!);
  }
}
