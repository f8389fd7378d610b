import { equalBytes } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import { formatOf } from '../image/formats.js';
import type { ReadOptions } from '../image/source.js';
import { stripJpegMetadata } from '../jpeg/strip-metadata.js';
import type { Exactness } from './choose-result.js';
import { sourceExtension } from './source-name.js';

/** A JPEG file to compress. */
export interface JpegSource {
  readonly bytes: Uint8Array;
  /** One that `isSourceExtension` accepts. */
  readonly extension: string;
}

/** A JPEG file as it was given, or without its metadata. */
export interface GivenJpeg extends JpegSource {
  /** What of the file is not restored, each a sentence without a full stop. */
  readonly warnings: readonly string[];
}

/** Returns whether the coefficients of a source file are coded, not its pixels: those of a JPEG file by default. */
export function isCodedAsJpeg(source: Uint8Array, exactness: Exactness | undefined): boolean {
  return formatOf(source) === 'JPEG' && exactness !== 'pixels';
}

/**
 * Returns what is to be compressed of a JPEG file.
 * @param name the file's name or path, null if it has none
 * @throws PixrnnError 'usage' if the file itself is to be restored, but not its metadata
 */
export function jpegSource(
  name: string | null,
  given: Uint8Array,
  {
    stripMetadata = false,
    exactness,
  }: Pick<ReadOptions, 'stripMetadata'> & { readonly exactness?: Exactness | undefined },
): GivenJpeg {
  const bytes = stripMetadata ? stripJpegMetadata(given) : given;
  const source = { bytes, extension: sourceExtension(name, bytes) ?? '.jpg' };
  if (equalBytes(bytes, given)) return { ...source, warnings: [] };
  if (exactness !== 'exact') {
    return { ...source, warnings: ['metadata removed: the restored file differs from the source'] };
  }
  const what = 'its bytes cannot be restored with stripMetadata';
  throw new PixrnnError('usage', `${what}. Remove the option, or do not ask for an exact result.`, {
    option: 'stripMetadata',
  });
}
