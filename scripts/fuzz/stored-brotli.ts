import { concatBytes } from '#pixrnn/bytes.js';

const MAX_BLOCK = 2 ** 16;

/**
 * Returns a Brotli stream (RFC 7932, section 9) whose meta-blocks are not compressed: a fuzzer makes thousands a second,
 * which an encoder cannot.
 */
export function storedBrotli(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += MAX_BLOCK) {
    const block = bytes.subarray(start, start + MAX_BLOCK);
    // From bit 0: not the last one, its length has 4 nibbles (two bits 0), the length - 1, not compressed, padding.
    const header = ((block.length - 1) << 3) | (1 << 19);
    // Before the first one a bit 0: a window of 16 bits.
    const bits = start === 0 ? header << 1 : header;
    parts.push(Uint8Array.of(bits, bits >> 8, bits >> 16), block);
  }
  // The last block, which is empty; before it the window if there is no other one.
  return concatBytes([...parts, Uint8Array.of(bytes.length === 0 ? 0x06 : 0x03)]);
}
