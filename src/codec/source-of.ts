import { hexText } from '../bytes.js';
import { sha256Text } from './check.js';
import { type Container, isStored, type PrnnFile } from './container.js';

/** What decompressing a file restores. */
export interface RestoredSource {
  /** The bytes of the source file, or its samples and metadata. */
  readonly restores: 'file' | 'pixels';
  /** Extension of the source file, with its dot; null if its bytes are not restored. */
  readonly extension: string | null;
  /** SHA-256 of the source file, 64 hexadecimal digits; null if its bytes are not restored. */
  readonly sourceDigest: string | null;
}

/** Returns what a file restores. */
export function sourceOf(file: PrnnFile | Pick<Container, 'restoration' | 'image'>): RestoredSource {
  if ('source' in file) return { restores: 'file', extension: file.extension, sourceDigest: sha256Text(file.source) };
  if ('record' in file) return { restores: 'file', extension: file.extension, sourceDigest: hexText(file.digest) };
  const { restoration, image } = file;
  if (isStored(image)) return { restores: 'file', extension: image.extension, sourceDigest: sha256Text(image.source) };
  if (restoration === null) return { restores: 'pixels', extension: null, sourceDigest: null };
  const { extension, digest } = restoration;
  return { restores: 'file', extension, sourceDigest: hexText(digest) };
}
