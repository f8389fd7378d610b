import type { JpegImage } from './coefficients.js';
import { BLOCK_SIZE } from './frame.js';
import { NATURAL_ORDER } from './zigzag.js';

/*
 * Masks say which coefficients of a block are not 0, so that coders visit only those: two words of 32 bits for each
 * block, bit k % 32 of word k / 32 for position k of the zigzag order. Bit 0, for DC, is undefined.
 */

/** An image with the masks of its components. */
export interface MaskedImage {
  readonly image: JpegImage;
  readonly masks: readonly Int32Array[];
}

/** Words of a block: the index of its first word is `offset >> MASK_SHIFT`. */
export const MASK_SHIFT = 5;

/** Coefficients of a row of a block. */
const ROW_SIZE = 8;

/** Of each natural index: its bit in the first and in the second word, or 0. */
const LOW_BIT = Int32Array.from(NATURAL_ORDER, (_, natural) => wordBit(natural, 0));
const HIGH_BIT = Int32Array.from(NATURAL_ORDER, (_, natural) => wordBit(natural, 1));

/** Returns masks of blocks without coefficients. */
export function emptyMasks(coefficients: Int16Array): Int32Array {
  return new Int32Array(coefficients.length >> MASK_SHIFT);
}

/** Returns the masks of all blocks. */
export function masksOf(coefficients: Int16Array): Int32Array {
  const masks = emptyMasks(coefficients);
  const pairs = pairsOf(coefficients);
  for (let word = 0, at = 0; word < masks.length; word += 2) {
    let low = 0;
    let high = 0;
    for (let row = 0; row < BLOCK_SIZE; row += ROW_SIZE, at += ROW_SIZE) {
      const pair = at >> 1;
      if ((pairs[pair]! | pairs[pair + 1]! | pairs[pair + 2]! | pairs[pair + 3]!) === 0) continue;
      for (let column = 0; column < ROW_SIZE; column++) {
        const value = coefficients[at + column]!;
        const isNotZero = (value | -value) >> 31; // -1 or 0, without a branch
        low |= LOW_BIT[row + column]! & isNotZero;
        high |= HIGH_BIT[row + column]! & isNotZero;
      }
    }
    masks[word] = low;
    masks[word + 1] = high;
  }
  return masks;
}

/** Returns the two words of a mask that has the positions `first` to `last`. */
export function bandMask(first: number, last: number): readonly [low: number, high: number] {
  const words: [number, number] = [0, 0];
  for (let k = first; k <= last; k++) words[k >> 5]! |= 1 << (k & 31);
  return words;
}

/** Returns the index of the lowest bit of a word that is not 0. */
export function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** Returns the coefficients two by two, to find zeros faster. */
function pairsOf(coefficients: Int16Array): Int32Array {
  const isAligned = coefficients.byteOffset % 4 === 0;
  const { buffer, byteOffset, length } = isAligned ? coefficients : coefficients.slice();
  return new Int32Array(buffer, byteOffset, length / 2);
}

function wordBit(natural: number, word: number): number {
  const k = NATURAL_ORDER.indexOf(natural);
  return k >> 5 === word ? 1 << (k & 31) : 0;
}
