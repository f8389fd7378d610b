/**
 * Arithmetic encoder after Witten, Neal and Cleary (CACM 1987) with 31-bit state. Its output is bit-identical to that
 * of the npm package `arithmetic-coding@1.2.3` with numbits = 31 and tables of total 2^22: bits MSB first, a final `1`,
 * zero padding to a byte. There is one encoder per instance; its state lives in this module's globals.
 *
 * Invariants between calls of `encode`:
 * - low < 2^30 <= high: their top bits differ, because the bits on which they agree have been written;
 * - high - low >= 2^29: the two are never both in the middle half, because such bits have been counted in `pending`. So
 * a count of 1 out of 2^22 still gets an interval of at least 2^7;
 * - fewer than 32 bits wait in `bits`; `output` holds whole 32-bit words only.
 */
import { log2 } from '../kernels/log';
import { BELOW_HALF, STATE_BITS, STATE_HALF, STATE_MASK, TOTAL_BITS } from './constants';

/** Lower end of the interval, 31 bits. */
let low: u32 = 0;
/** Upper end of the interval, inclusive, 31 bits. */
let high: u32 = 0;
/** Underflow bits: they follow the next bit and are its opposite. A long run of them is legal, hence 64 bits. */
let pending: u64 = 0;
/** Bits not yet stored: the lowest `bitCount` bits, the oldest on top. The bits above them are already stored. */
let bits: u64 = 0;
/** Number of bits waiting in `bits`, 0 to 31 between calls. */
let bitCount: u32 = 0;
/** Start of the output, address of the next word, and end of the output. */
let first: usize = 0;
let position: usize = 0;
let limit: usize = 0;
let full: bool = false;

/** Begins a stream of at most `capacity` bytes at address `output`. */
export function start(output: usize, capacity: i32): void {
  low = 0;
  high = STATE_MASK;
  pending = 0;
  bits = 0;
  bitCount = 0;
  first = output;
  position = output;
  limit = output + <usize>max(capacity, 0);
  full = false;
}

/**
 * Encodes one symbol, with cumulative counts [from, to) of 2^22.
 * @param from sum of the counts of all symbols below it
 * @param to the same including its own count; from < to <= 2^22
 */
export function encode(from: u32, to: u32): void {
  const range = <u64>(high - low) + 1; // <= 2^31, so range * to <= 2^53
  let top = low + <u32>((range * to) >> TOTAL_BITS) - 1;
  let bottom = low + <u32>((range * from) >> TOTAL_BITS);

  // Leading bits on which both ends agree are final.
  const agreed = clz<u32>(bottom ^ top) - 1;
  if (agreed !== 0) {
    if (pending !== 0) {
      const lead = bottom >> (STATE_BITS - 1);
      appendWithPending(lead);
      const rest = agreed - 1;
      append((bottom >> (STATE_BITS - agreed)) & ((1 << rest) - 1), rest);
    } else {
      append(bottom >> (STATE_BITS - agreed), agreed);
    }
    bottom = (bottom << agreed) & STATE_MASK;
    top = ((top << agreed) & STATE_MASK) | ((1 << agreed) - 1);
  }

  // Now bottom = 0..., top = 1...: count the following bits that are 1 in bottom and 0 in top, and remove them.
  const straddled = clz<u32>(~((bottom & ~top) << 2));
  if (straddled !== 0) {
    pending += straddled;
    bottom = (bottom << straddled) & BELOW_HALF;
    top = ((top << straddled) & BELOW_HALF) | STATE_HALF | ((1 << straddled) - 1);
  }
  low = bottom;
  high = top;
}

/**
 * Ends the stream with a 1 and zero bits up to a byte. Pending bits need not be written: a 1 followed by zeros is the
 * middle of the interval.
 * @returns bytes written, meaningless after an overflow
 */
export function finish(): i32 {
  append(1, 1);
  const padding = (8 - (bitCount & 7)) & 7;
  bits <<= padding;
  bitCount += padding;
  while (bitCount !== 0 && !full) {
    if (position < limit) {
      bitCount -= 8;
      store<u8>(position, <u8>(bits >> bitCount));
      position++;
    } else {
      full = true;
    }
  }
  return bytesWritten();
}

/** Returns whether the stream exceeded its capacity. From then on nothing is stored; call `start` again. */
export function overflowed(): bool {
  return full;
}

/** Returns the number of bytes stored so far; until `finish` up to three complete bytes may still wait. */
export function bytesWritten(): i32 {
  return <i32>(position - first);
}

/**
 * Returns an upper bound on the bytes of the stream that a decoder reads for everything encoded so far: all bits that
 * are written or pending, its 31 bits of state, and up to a word of lookahead.
 */
export function bytesToDecode(): i32 {
  const read = ((<u64>(position - first)) << 3) + bitCount + pending + STATE_BITS;
  return <i32>min<u64>((((read + 31) >> 5) << 2) + 4, i32.MAX_VALUE);
}

/**
 * Returns the code length of the stream so far in bits, with the fraction that the interval holds: what is written or
 * pending, and how much smaller than the whole the interval is. It grows with every symbol; the error is below 1e-5.
 */
export function codeLength(): f64 {
  const whole = <f64>(position - first) * 8 + <f64>bitCount + <f64>pending;
  return whole + <f64>STATE_BITS - <f64>log2(<f32>(high - low) + 1);
}

/** Appends the lowest `count` bits of `value`, at most 32; its other bits are zero. */
function append(value: u32, count: u32): void {
  bits = (bits << count) | value;
  bitCount += count;
  if (bitCount >= 32) storeWord();
}

/** Appends `lead` (0 or 1) and then all pending bits, each its opposite. */
function appendWithPending(lead: u32): void {
  append(lead, 1);
  const opposites: u32 = lead - 1; // all ones after a 0, all zeros after a 1
  while (pending > 31) {
    append(opposites & STATE_MASK, 31);
    pending -= 31;
    if (full) pending = 0; // the stream is lost: skip a run that may be very long
  }
  const count = <u32>pending;
  append(opposites & ((1 << count) - 1), count);
  pending = 0;
}

/** Stores the oldest 32 waiting bits. All four bytes are part of the stream, so all must fit. */
function storeWord(): void {
  bitCount -= 32;
  if (full || limit - position < 4) {
    full = true;
    return;
  }
  store<u32>(position, bswap<u32>(<u32>(bits >> bitCount)));
  position += 4;
}
