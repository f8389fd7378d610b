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

type Restoring = PrnnFile | Pick<Container, 'restoration' | 'image'>;

/** Returns the extension of the source file, with its dot; null if its bytes are not restored. */
export function extensionOf(file: Restoring): string | null {
  if (!('image' in file)) return file.extension;
  const { restoration, image } = file;
  return isStored(image) ? image.extension : (restoration?.extension ?? null);
}

/** Returns what a file restores. Hashes a source that is stored whole. */
export function sourceOf(file: Restoring): RestoredSource {
  const extension = extensionOf(file);
  const sourceDigest = sourceDigestOf(file);
  return { restores: extension === null ? 'pixels' : 'file', extension, sourceDigest };
}

function sourceDigestOf(file: Restoring): string | null {
  if ('source' in file) return sha256Text(file.source);
  if ('record' in file) return hexText(file.digest);
  const { restoration, image } = file;
  if (isStored(image)) return sha256Text(image.source);
  return restoration && hexText(restoration.digest);
}
