import type { ReadImage } from '../image/read-image.js';
import type { ReadOptions } from '../image/source.js';
import { sourceExtension } from './source-name.js';

/** A source file to compress, for results that restore its bytes. */
export interface SourceFile {
  readonly bytes: Uint8Array;
  /** One that `isSourceExtension` accepts. */
  readonly extension: string;
  /**
   * Whether the result may hold the file itself instead of its samples: not if the image is only a part of the file, or
   * if parts of the file are to be left out.
   */
  readonly mayStore: boolean;
}

/**
 * Returns a source file for `compressRaster`; undefined if its bytes are not to be restored, because it is lossy or
 * loses its metadata.
 * @param name the file's name or path, null if it has none
 * @param options as it was read
 */
export function sourceFile(
  name: string | null,
  bytes: Uint8Array,
  { source }: Pick<ReadImage, 'source'>,
  { stripMetadata = false, page = 1 }: ReadOptions,
): SourceFile | undefined {
  const extension = sourceExtension(name, bytes);
  if (extension === null || source.lossy || stripMetadata) return undefined;
  return { bytes, extension, mayStore: page === 1 };
}
