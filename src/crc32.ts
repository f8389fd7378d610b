import calculate from 'crc/calculators/crc32';

/** CRC-32 (that of zlib and PNG) of all parts joined, as an unsigned 32-bit integer. */
export function crc32(...parts: Uint8Array[]): number {
  // The package takes 0 for another state than that after bytes whose CRC is 0, which is the same as none.
  return parts.reduce((crc, part) => calculate(part, crc === 0 ? undefined : crc), 0) >>> 0;
}
