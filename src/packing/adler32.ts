/** The largest prime below 2^16. */
const BASE = 65521;
/** Bytes whose sums fit 32 bits. */
const RUN = 5552;

/** Returns the Adler-32 of RFC 1950, 4 bytes, big endian. */
export function adler32(bytes: Uint8Array): Uint8Array {
  let a = 1;
  let b = 0;
  for (let start = 0; start < bytes.length; start += RUN) {
    const end = Math.min(start + RUN, bytes.length);
    for (let i = start; i < end; i++) {
      a += bytes[i]!;
      b += a;
    }
    a %= BASE;
    b %= BASE;
  }
  return Uint8Array.of(b >> 8, b, a >> 8, a);
}
