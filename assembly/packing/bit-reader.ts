/** Reads a deflate stream: bits from the lowest bit of each byte up. After the end it reads zeros and is `exhausted`. */

let first: usize = 0;
let position: usize = 0;
let limit: usize = 0;
let bits: u64 = 0;
/** Number of bits in `bits`; zeros after the end of the stream are counted. */
let count: i32 = 0;
/** Number of bits that were read after the end of the stream. */
let missing: i32 = 0;

export function startReading(address: usize, length: i32): void {
  first = address;
  position = address;
  limit = address + <usize>length;
  bits = 0;
  count = 0;
  missing = 0;
}

/** Returns the next 32 bits or more without consuming them. */
export function peekBits(): u64 {
  while (count <= 48) {
    if (position < limit) {
      bits |= (<u64>load<u8>(position)) << (<u64>count);
      position++;
    } else {
      missing += 8;
    }
    count += 8;
  }
  return bits;
}

export function skipBits(n: i32): void {
  bits >>= <u64>n;
  count -= n;
}

/** Reads n bits, 0 to 32. */
export function readBits(n: i32): u32 {
  const value = <u32>(peekBits() & (((<u64>1) << (<u64>n)) - 1));
  skipBits(n);
  return value;
}

/** Returns the number of bits up to the next byte boundary, 0 to 7. */
export function bitsToBoundary(): i32 {
  return count & 7;
}

/** Returns whether more bits were read than the stream has. */
export function exhausted(): bool {
  return missing > count;
}

/** Returns the address of the first byte of which no bit has been read. */
export function readAddress(): usize {
  return position - <usize>((count - missing) >> 3);
}

/** Returns the number of bytes of which all bits have been read. */
export function wholeBytes(): i32 {
  return <i32>(position - first) - ((count - missing + 7) >> 3);
}

/** A position in the stream, to return to. */
let savedPosition: usize = 0;
let savedBits: u64 = 0;
let savedCount: i32 = 0;
let savedMissing: i32 = 0;

export function saveReader(): void {
  savedPosition = position;
  savedBits = bits;
  savedCount = count;
  savedMissing = missing;
}

export function restoreReader(): void {
  position = savedPosition;
  bits = savedBits;
  count = savedCount;
  missing = savedMissing;
}
