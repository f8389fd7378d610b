/**
 * The hashes by which encoders find matches. Two positions with the same hash are in one chain, whether their bytes are
 * equal or not, so the steps to a match are those of an encoder only with its own hash.
 */

export const HASHES: i32 = 11;
/** Bits of the largest hash. */
export const MAX_HASH_BITS: i32 = 17;

/** libdeflate: chains (also level 2 and up of others) and buckets; zlib-ng; zlib and miniz, of three bytes. */
const CHAINS: i32 = 0;
const BUCKETS: i32 = 1;
const KNUTH: i32 = 2;
const ROLLING: i32 = 3;
/** miniz at level 1, and stb_image_write: of three bytes. */
export const MINIZ_FAST: i32 = 4;
export const STB: i32 = 5;
/** Go: default and best, then fastest. */
const GO: i32 = 6;
export const GO_FAST: i32 = 9;
/** ISA-L, with small and large tables. */
export const CRC_SMALL: i32 = 7;
export const CRC_LARGE: i32 = 8;
/** ISA-L at level 3. */
export const MAD: i32 = 10;

/** CRC-32C of each byte, u32[256]. */
const crcs: usize = memory.data(256 * 4, 4);
let filled: bool = false;

/** Returns whether a hash is of three bytes instead of four. */
export function isOfThree(hash: i32): bool {
  return hash >= ROLLING && hash <= STB;
}

/**
 * Returns the hash of the bytes at a position.
 * @param word the four bytes there, the first one lowest
 */
export function hashOf(hash: i32, word: u32): u32 {
  if (hash === CHAINS) return (word * 0x1e35a7bd) >> 16;
  if (hash === BUCKETS) return (word * 0x1e35a7bd) >> 17;
  if (hash === KNUTH) return (word * 0x9e3779b1) >> 16;
  if (hash === GO) return (bswap<u32>(word) * 0x1e35a7bd) >> 15;
  if (hash === GO_FAST) return (word * 0x1e35a7bd) >> 18;
  if (hash === MAD) return mad(mad(word)) & 0x7fff;
  const three = word & 0xffffff;
  if (hash === ROLLING) return (((three & 255) << 10) ^ (((three >> 8) & 255) << 5) ^ (three >> 16)) & 0x7fff;
  if (hash === MINIZ_FAST) return (three ^ (three >> 17)) & 0xfff;
  if (hash === STB) return stb(three) & 0x3fff;
  return crc(word) & (hash === CRC_SMALL ? 0x1fff : 0x7fff);
}

/** Paul Hsieh's hash, as stb_image_write uses it. */
function stb(h: u32): u32 {
  h ^= h << 3;
  h += h >> 5;
  h ^= h << 4;
  h += h >> 17;
  h ^= h << 25;
  h += h >> 6;
  return h;
}

/** Multiplies both halves of a word, which have a sign, and adds. */
function mad(word: u32): u32 {
  return <u32>(<i32>(<i16>word) * -6069 + <i32>(<i16>(word >> 16)) * -26703);
}

/** Returns the CRC-32C of four bytes, from 0 on and without a final complement. */
function crc(word: u32): u32 {
  if (!filled) fill();
  let c = word;
  for (let i = 0; i < 4; i++) c = (c >> 8) ^ load<u32>(crcs + ((<usize>(c & 255)) << 2));
  return c;
}

function fill(): void {
  for (let n: u32 = 0; n < 256; n++) {
    let c = n;
    for (let k = 0; k < 8; k++) c = (c & 1) !== 0 ? (c >> 1) ^ 0x82f63b78 : c >> 1;
    store<u32>(crcs + ((<usize>n) << 2), c);
  }
  filled = true;
}
