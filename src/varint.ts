/** A varint is an unsigned LEB128 number: 7 bits per byte, low bits first; bit 7 is set on every byte but the last. */
const MAX_VARINT_BYTES = 5;
export const MAX_VARINT = 2 ** (7 * MAX_VARINT_BYTES) - 1;

/** Returns the length of `value` as a varint, 1 to 5 bytes. */
export function varintLength(value: number): number {
  return encodeVarint(value).length;
}

/** Returns the shortest encoding of `value`. Throws a RangeError unless it is an integer from 0 to 2^35 - 1. */
export function encodeVarint(value: number): number[] {
  if (!Number.isInteger(value) || value < 0 || value > MAX_VARINT) {
    throw new RangeError(`A varint holds an integer from 0 to ${MAX_VARINT}, not ${value}`);
  }
  const bytes: number[] = [];
  // Division instead of shifts, which would truncate to 32 bits.
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
  bytes.push(value);
  return bytes;
}

/** Reads a varint byte by byte; null if it is longer than 5 bytes or not in its shortest form. */
export function decodeVarint(nextByte: () => number): number | null {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < MAX_VARINT_BYTES; i++) {
    const byte = nextByte();
    value += (byte & 0x7f) * scale;
    scale *= 0x80;
    if (byte < 0x80) return byte === 0 && i > 0 ? null : value;
  }
  return null;
}
