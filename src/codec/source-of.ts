import { hexText } from '../bytes.js';
import { host } from '../host/host.js';
import { type Container, isStored } from './container.js';

/** What decompressing a file gives back. */
export interface RestoredSource {
  /** The bytes of the source file, or its samples and metadata. */
  readonly restores: 'file' | 'pixels';
  /** Extension of the source file, with its dot; null if its bytes are not restored. */
  readonly extension: string | null;
  /** SHA-256 of the source file, 64 hexadecimal digits; null if its bytes are not restored. */
  readonly sourceDigest: string | null;
}

/** Returns what a file gives back. */
export function sourceOf({ restoration, image }: Pick<Container, 'restoration' | 'image'>): RestoredSource {
  if (isStored(image)) {
    const sourceDigest = hexText(host().sha256().update(image.source).digest());
    return { restores: 'file', extension: image.extension, sourceDigest };
  }
  if (restoration === null) return { restores: 'pixels', extension: null, sourceDigest: null };
  const { extension, digest } = restoration;
  return { restores: 'file', extension, sourceDigest: hexText(digest) };
}
