/** Hashes of 32 bits, all part of the format. Products and sums are modulo 2^32. */

/** Returns the state of a hash after one more word. */
export function fold(h: u32, word: u32): u32 {
  return rotl<u32>((h ^ word) * 0x9e3779b1, 15) + 0x7f4a7c15;
}

/** Spreads the bits of a state over the whole word. */
export function spread(h: u32): u32 {
  h = (h ^ (h >> 15)) * 0x85ebca6b;
  h = (h ^ (h >> 13)) * 0xc2b2ae35;
  return h ^ (h >> 16);
}
