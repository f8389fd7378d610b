/** Writes a deflate stream: bits from the lowest bit of each byte up, at most `capacity` bytes. */

let first: usize = 0;
let position: usize = 0;
let limit: usize = 0;
let bits: u64 = 0;
let count: i32 = 0;
let full: bool = false;

export function startWriting(address: usize, capacity: i32): void {
  first = address;
  position = address;
  limit = address + <usize>capacity;
  bits = 0;
  count = 0;
  full = false;
}

/** Writes the lowest n bits of `value`, 0 to 32; its other bits are zero. */
export function writeBits(value: u32, n: i32): void {
  bits |= (<u64>value) << (<u64>count);
  count += n;
  while (count >= 8) {
    if (position < limit) {
      store<u8>(position, <u8>bits);
      position++;
    } else {
      full = true;
    }
    bits >>= 8;
    count -= 8;
  }
}

/** Returns the number of bits up to the next byte boundary, 0 to 7. */
export function bitsToFill(): i32 {
  return -count & 7;
}

/** Returns whether the stream would be longer than its capacity. */
export function isFull(): bool {
  return full;
}

/** Returns the number of whole bytes. */
export function writtenBytes(): i32 {
  return <i32>(position - first);
}
