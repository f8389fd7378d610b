/** Constants shared by encoder, decoder and frequency tables, all part of the format. */

/** Every frequency table sums to 2^TOTAL_BITS, so the coder divides by a shift. */
export const TOTAL_BITS: u32 = 22;

/** The sum of a table's counts: 2^22. */
export const TOTAL: u32 = 1 << TOTAL_BITS;

/** Width of the coder's `low` and `high` (numbits = 31 of the npm package `arithmetic-coding`). */
export const STATE_BITS: u32 = 31;

/** 31 ones: the largest state, `high` of a fresh coder. */
export const STATE_MASK: u32 = 0x7fffffff;

/** The top bit of a state. */
export const STATE_HALF: u32 = 1 << 30;

/** All bits of a state below its top bit. */
export const BELOW_HALF: u32 = STATE_HALF - 1;
