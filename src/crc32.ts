import CRC32 from 'crc-32';

/** CRC-32 (that of zlib and PNG) of all parts joined, as an unsigned 32-bit integer. */
export function crc32(...parts: Uint8Array[]): number {
  return parts.reduce((crc, part) => CRC32.buf(part, crc), 0) >>> 0;
}
