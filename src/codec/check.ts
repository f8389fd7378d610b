import { createHash } from 'node:crypto';
import { crc32 } from '../crc32.js';

/** Bytes of the check that ends the header and every chunk. */
export const CHECK_BYTES = 2;
/** Bytes of the digest that ends the file. */
export const DIGEST_BYTES = 16;

/** The low 16 bits of the CRC-32 of all parts joined. */
export function check16(...parts: Uint8Array[]): number {
  return crc32(...parts) & 0xffff;
}

/** The first 128 bits of SHA-256 over the samples of a whole image ([height][width][channels] interleaved). */
export function samplesDigest(samples: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(samples).digest().subarray(0, DIGEST_BYTES));
}
