import { parseFile } from '../codec/container.js';
import type { DecompressOptions } from '../codec/decompress.js';
import { restoreFile } from '../codec/restore-file.js';
import { extensionOf } from '../codec/source-of.js';
import { type SourceFormatName, sourceFormatOf } from '../image/formats.js';
import type { RasterShape } from '../image/raster.js';
import type { DecompressedFile } from './options.js';

/**
 * Returns the source file that a .prnn file restores; null if it restores only samples and metadata, or a source of
 * another format than `wanted`. The `bytes` of the result own their buffer.
 * @param baseName name of the .prnn file without its extension
 * @throws PixrnnError as `restoreFile`
 */
export async function restoreImage(
  bytes: Uint8Array,
  { baseName, wanted }: { readonly baseName: string; readonly wanted: SourceFormatName | 'raster' | undefined },
  options: DecompressOptions,
): Promise<DecompressedFile | null> {
  const file = parseFile(bytes, options);
  const extension = extensionOf(file);
  const format = extension && sourceFormatOf(extension);
  if (!format || (wanted !== undefined && wanted !== format)) return null;
  const source = await restoreFile(file, options);
  if (source === null) return null;
  const { width, height } = 'header' in file ? file.header : file;
  return {
    ...{ bytes: Uint8Array.from(source), name: `${baseName}${extension}`, format, isSource: true, remarks: [] },
    ...('header' in file ? shapeOf(file.header) : { width, height }),
    ...{ whole: { width, height }, factor: 1, repairedBlocks: file.parity?.damagedBlocks ?? 0 },
  };
}

function shapeOf({ width, height, channels, depth, indexed }: RasterShape): RasterShape {
  return { width, height, channels, depth, indexed };
}
