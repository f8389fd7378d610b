/** The symbols of lengths and distances (RFC 1951, 3.2.5), and the order of code length codes (3.2.7). */

export const LITERALS: i32 = 256;
export const END_OF_BLOCK: i32 = 256;
export const MIN_MATCH: i32 = 3;
export const MAX_MATCH: i32 = 258;
export const MAX_DISTANCE: i32 = 32768;
/** Symbols of the three codes that a block header can declare. */
export const LITERAL_SYMBOLS: i32 = 288;
export const DISTANCE_SYMBOLS: i32 = 32;
export const LENGTH_CODES: i32 = 19;
/** Symbols that a token can use. */
export const USED_LITERAL_SYMBOLS: i32 = 286;
export const USED_DISTANCE_SYMBOLS: i32 = 30;

/** Types of blocks. */
export const STORED: i32 = 0;
export const FIXED: i32 = 1;
export const DYNAMIC: i32 = 2;

/** The order of code length codes in a block header. */
export const ORDER: usize = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/** Symbol minus 257 of lengths 0 .. 258, u8. */
const lengthSymbols: usize = memory.data(259);
let filled: bool = false;

/** Returns the extra bits of length symbol s, 257 to 285. */
export function lengthExtra(s: i32): i32 {
  s -= 257;
  return s < 8 || s === 28 ? 0 : (s >> 2) - 1;
}

/** Returns the smallest length of symbol s, 257 to 285. */
export function lengthBase(s: i32): i32 {
  s -= 257;
  if (s === 28) return MAX_MATCH;
  if (s < 8) return s + MIN_MATCH;
  return ((4 + (s & 3)) << ((s >> 2) - 1)) + MIN_MATCH;
}

/** Returns the extra bits of distance symbol s, 0 to 29. */
export function distanceExtra(s: i32): i32 {
  return s < 4 ? 0 : (s >> 1) - 1;
}

/** Returns the smallest distance of symbol s, 0 to 29. */
export function distanceBase(s: i32): i32 {
  return s < 4 ? s + 1 : ((2 + (s & 1)) << ((s >> 1) - 1)) + 1;
}

/** Returns the symbol of a length, 257 to 285; that of 258 is 285. */
export function lengthSymbol(length: i32): i32 {
  if (!filled) fill();
  return 257 + <i32>load<u8>(lengthSymbols + <usize>length);
}

/** Returns the symbol of a distance, 0 to 29. */
export function distanceSymbol(distance: i32): i32 {
  const d = <u32>(distance - 1);
  if (d < 4) return <i32>d;
  const top = 31 - <i32>clz<u32>(d);
  return (top << 1) + <i32>((d >> (top - 1)) & 1);
}

function fill(): void {
  for (let s = 257; s <= 285; s++) {
    for (let k = 0; k < 1 << lengthExtra(s); k++) {
      const length = lengthBase(s) + k;
      if (length <= MAX_MATCH) store<u8>(lengthSymbols + <usize>length, <u8>(s - 257));
    }
  }
  filled = true;
}
