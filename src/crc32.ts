import calculate from 'crc/calculators/crc32';

/** Returns the CRC-32 (as in zlib and PNG) of the concatenated parts, an unsigned 32-bit integer. */
export function crc32(...parts: Uint8Array[]): number {
  // The package treats a previous CRC of 0 like none, which is equivalent.
  return parts.reduce((crc, part) => calculate(part, crc === 0 ? undefined : crc), 0) >>> 0;
}

/** Size in bytes of the checksum that ends the header and every chunk of a .prnn file. */
export const CHECK_BYTES = 2;
/** Size in bytes of the checksum of a stored source, a whole CRC-32: it has no digest. */
export const SOURCE_CHECK_BYTES = 4;

/** Returns the checksum of the concatenated parts: the low `size` bytes of their CRC-32. */
export function checksum(size: number, ...parts: Uint8Array[]): number {
  return crc32(...parts) % 2 ** (8 * size);
}
