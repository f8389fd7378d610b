import { type HuffmanSpec, MAX_CODE_BITS } from './huffman-spec.js';

/** A pseudo symbol of frequency 1 that gets the code of all ones, which JPEG does not allow for a symbol. */
const RESERVED = 256;
/** Deepest code before lengths are limited: more than any frequencies below 2^32 can give. */
const MAX_DEPTH = 64;

/**
 * Returns the optimal table for 256 symbol frequencies: the same as `jpeg_gen_optimal_table` of libjpeg (ITU-T T.81,
 * annex K.2), which jpegtran, mozjpeg and most encoders with optimised tables use. Ties are resolved as there.
 */
export function optimalTable(frequencies: Uint32Array): HuffmanSpec {
  const lengths = codeLengths(frequencies);
  const counts = limitedCounts(lengths);
  const symbols: number[] = [];
  for (let length = 1; length < MAX_DEPTH; length++) {
    for (let symbol = 0; symbol < RESERVED; symbol++) if (lengths[symbol] === length) symbols.push(symbol);
  }
  return { counts, symbols: Uint8Array.from(symbols) };
}

/** Returns the depth of each symbol in the Huffman tree: 257 numbers, 0 for unused symbols. */
function codeLengths(frequencies: Uint32Array): Uint8Array {
  const weights = new Float64Array(RESERVED + 1);
  weights.set(frequencies);
  weights[RESERVED] = 1;
  const lengths = new Uint8Array(RESERVED + 1);
  /** Next symbol of the same subtree, or -1. */
  const others = new Int16Array(RESERVED + 1).fill(-1);

  for (;;) {
    const first = rarest(weights, -1);
    const second = rarest(weights, first);
    if (second < 0) return lengths;
    weights[first]! += weights[second]!;
    weights[second] = 0;
    let last = first;
    for (let symbol = first; symbol >= 0; symbol = others[symbol]!) {
      lengths[symbol]!++;
      last = symbol;
    }
    others[last] = second;
    for (let symbol = second; symbol >= 0; symbol = others[symbol]!) lengths[symbol]!++;
  }
}

/** Returns the last symbol of the smallest weight above 0, except `excluded`; -1 if there is none. */
function rarest(weights: Float64Array, excluded: number): number {
  let found = -1;
  let smallest = Infinity;
  for (let symbol = 0; symbol < weights.length; symbol++) {
    const weight = weights[symbol]!;
    if (weight === 0 || weight > smallest || symbol === excluded) continue;
    smallest = weight;
    found = symbol;
  }
  return found;
}

/** Returns the number of codes of 1 to 16 bits after shortening longer ones (figure K.3) and removing the reserved code. */
function limitedCounts(lengths: Uint8Array): Uint8Array {
  const counts = new Uint16Array(MAX_DEPTH + 1);
  for (const length of lengths) if (length > 0) counts[length]!++;
  for (let length = MAX_DEPTH; length > MAX_CODE_BITS; length--) {
    while (counts[length]! > 0) {
      let shorter = length - 2;
      while (counts[shorter] === 0) shorter--;
      counts[length]! -= 2;
      counts[length - 1]!++;
      counts[shorter + 1]! += 2;
      counts[shorter]!--;
    }
  }
  let longest = MAX_CODE_BITS;
  while (longest > 0 && counts[longest] === 0) longest--;
  counts[longest]!--;
  return Uint8Array.from(counts.subarray(1, MAX_CODE_BITS + 1));
}
