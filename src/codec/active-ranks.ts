import { allocateSamples, type Depth } from '../samples.js';
import type { ActiveAlphabet } from './active-alphabet.js';
import type { SamplesToCode } from './tile-parts.js';

/**
 * Returns samples as their ranks among the values that occur, which is what the size with a model depends on: 8 bits
 * that are stored in 16 cost as much as 8 bits.
 * @param alphabet its first bitmaps are those of the channels of `all`
 */
export function activeRanks(all: SamplesToCode, { bitmaps }: ActiveAlphabet): SamplesToCode {
  const { channels, depth, samples } = all;
  const ranks = bitmaps.slice(0, channels).map((bitmap) => rankTable(bitmap, depth));
  const mapped = allocateSamples(samples.length, depth);
  for (let i = 0; i < samples.length; i++) mapped[i] = ranks[i % channels]![samples[i]!]!;
  return { ...all, samples: mapped };
}

/** Returns the rank of every value. */
function rankTable(bitmap: Uint8Array, depth: Depth): Uint16Array {
  const table = new Uint16Array(2 ** depth);
  let rank = 0;
  for (let value = 0; value < table.length; value++) {
    table[value] = rank;
    if ((bitmap[value >> 3]! >> (value & 7)) & 1) rank++;
  }
  return table;
}
