import calculate from 'crc/calculators/crc32';

/** Returns the CRC-32 (as in zlib and PNG) of the concatenated parts, an unsigned 32-bit integer. */
export function crc32(...parts: Uint8Array[]): number {
  // The package treats a previous CRC of 0 like none, which is equivalent.
  return parts.reduce((crc, part) => calculate(part, crc === 0 ? undefined : crc), 0) >>> 0;
}
