import { crc32 } from '../crc32.js';
import { host } from '../host/host.js';
import { hashedBytes, type Samples } from '../samples.js';

/** Bytes of the check that ends the header and every chunk. */
export const CHECK_BYTES = 2;
/** Bytes of the digest that ends the file. */
export const DIGEST_BYTES = 16;

/** Samples that are hashed at a time: those of 16 bits have to be copied for it. */
const HASHED_AT_ONCE = 2 ** 20;

/** The low 16 bits of the CRC-32 of all parts joined. */
export function check16(...parts: Uint8Array[]): number {
  return crc32(...parts) & 0xffff;
}

/** The CRC-32 of a tile's samples. */
export function samplesCrc(samples: Samples): number {
  return crc32(hashedBytes(samples));
}

/** The first 128 bits of SHA-256 over the samples of a whole image ([height][width][channels] interleaved). */
export function samplesDigest(samples: Samples): Uint8Array {
  const hash = host().sha256();
  for (let i = 0; i < samples.length; i += HASHED_AT_ONCE) {
    hash.update(hashedBytes(samples.subarray(i, i + HASHED_AT_ONCE)));
  }
  return hash.digest().slice(0, DIGEST_BYTES);
}
