/**
 * Arithmetic decoder, the counterpart of `encoder.ts`: same interval, same invariants, plus `code`, the 31 bits of the
 * stream at the interval's scale. There is one decoder per instance; its state lives in this module's globals.
 *
 * Any input decodes to something: low <= code <= high holds after every `consume` of the symbol that `target` points
 * at, and the input is followed by infinitely many zero bits.
 */
import { BELOW_HALF, STATE_BITS, STATE_HALF, STATE_MASK, TOTAL_BITS } from './constants';

/** Lower end of the interval, 31 bits. */
let low: u32 = 0;
/** Upper end of the interval, inclusive, 31 bits. */
let high: u32 = 0;
/** The stream's bits at the interval's scale, 31 bits. */
let code: u32 = 0;
/** Bits read but not yet in `code`: the lowest `bitCount` bits, the oldest on top. The bits above them are consumed. */
let bits: u64 = 0;
/** Number of bits waiting in `bits`. */
let bitCount: u32 = 0;
/** Start of the input, next byte to read, and the end of the input. */
let first: usize = 0;
let position: usize = 0;
let limit: usize = 0;

/** Begins decoding `length` bytes at address `input`. */
export function start(input: usize, length: i32): void {
  low = 0;
  high = STATE_MASK;
  bits = 0;
  bitCount = 0;
  first = input;
  position = input;
  limit = input + <usize>max(length, 0);
  code = take(STATE_BITS);
}

/** Moves the end of an input of which more bytes have arrived. What has been decoded must not depend on them. */
export function extend(length: i32): void {
  limit = first + <usize>length;
}

/**
 * Returns the cumulative count, in [0, 2^22), that the code points at: the symbol is the one whose [from, to) contains
 * it.
 */
export function target(): u32 {
  const range = <u64>(high - low) + 1;
  const offset = <u64>(code - low);
  return <u32>((((offset + 1) << TOTAL_BITS) - 1) / range);
}

/** Returns whether target() >= count, without the division: this is equivalent to offset + 1 > range * count / 2^22. */
export function isFrom(count: u32): bool {
  const range = <u64>(high - low) + 1;
  return <u64>(code - low) >= (range * count) >> TOTAL_BITS;
}

/** Consumes one symbol, with cumulative counts [from, to) of 2^22. Precondition: from <= target() < to. */
export function consume(from: u32, to: u32): void {
  const range = <u64>(high - low) + 1;
  let top = low + <u32>((range * to) >> TOTAL_BITS) - 1;
  let bottom = low + <u32>((range * from) >> TOTAL_BITS);

  const agreed = clz<u32>(bottom ^ top) - 1;
  if (agreed !== 0) {
    code = ((code << agreed) & STATE_MASK) | take(agreed);
    bottom = (bottom << agreed) & STATE_MASK;
    top = ((top << agreed) & STATE_MASK) | ((1 << agreed) - 1);
  }

  const straddled = clz<u32>(~((bottom & ~top) << 2));
  if (straddled !== 0) {
    code = (code & STATE_HALF) | ((code << straddled) & BELOW_HALF) | take(straddled);
    bottom = (bottom << straddled) & BELOW_HALF;
    top = ((top << straddled) & BELOW_HALF) | STATE_HALF | ((1 << straddled) - 1);
  }
  low = bottom;
  high = top;
}

/** Returns the next `count` bits of the stream, 1 to 31. */
function take(count: u32): u32 {
  if (bitCount < count) refill();
  bitCount -= count;
  return (<u32>(bits >> bitCount)) & ((1 << count) - 1);
}

/** Reads 32 more bits, zeros after the end of the input. Called with fewer than 32 waiting. */
function refill(): void {
  if (limit - position >= 4) {
    bits = (bits << 32) | (<u64>bswap<u32>(load<u32>(position)));
    position += 4;
  } else {
    for (let i = 0; i < 4; i++) {
      bits <<= 8;
      if (position < limit) {
        bits |= <u64>load<u8>(position);
        position++;
      }
    }
  }
  bitCount += 32;
}
