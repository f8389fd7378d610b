import { hexText } from '../bytes.js';
import { crc32 } from '../crc32.js';
import { host } from '../host/host.js';
import { hashedBytes, type Samples } from '../samples.js';

/** Size in bytes of the digest of the samples. */
export const DIGEST_BYTES = 16;
/** Size in bytes of the digest of a source file, a whole SHA-256. */
export const SOURCE_DIGEST_BYTES = 32;

/** Returns the SHA-256 of a file. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return host().sha256().update(bytes).digest();
}

/** Returns the SHA-256 of a file, 64 hexadecimal digits. */
export function sha256Text(bytes: Uint8Array): string {
  return hexText(sha256(bytes));
}

/** Samples hashed at a time; 16-bit samples are copied for hashing. */
const HASH_CHUNK = 2 ** 20;

/** Returns the CRC-32 of a tile's samples. */
export function samplesCrc(samples: Samples): number {
  return crc32(hashedBytes(samples));
}

/** Returns the first 128 bits of the SHA-256 of a whole image's samples, interleaved [height][width][channels]. */
export function samplesDigest(samples: Samples): Uint8Array {
  const hash = host().sha256();
  for (let i = 0; i < samples.length; i += HASH_CHUNK) {
    hash.update(hashedBytes(samples.subarray(i, i + HASH_CHUNK)));
  }
  return hash.digest().slice(0, DIGEST_BYTES);
}
