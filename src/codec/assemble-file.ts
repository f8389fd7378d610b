import { equalBytes } from '../bytes.js';
import type { CompressOptions } from './compress.js';
import { encodeContainer, encodeStored, parseUnprotected, type TileChunk } from './container.js';
import { withParity } from './file-parity.js';
import { chooseKind, type ResultOptions } from './result.js';
import { type FileContent, tilesContainer, type TilesCoding } from './tiles-container.js';
import { verificationFailed } from './verification-failed.js';

/**
 * Returns the file that `compressRaster` makes of an image, from tiles that were coded, decoded and compared elsewhere. Needs no samples: only
 * the structure of the file is verified.
 * @param tiles in grid order
 * @throws PixrnnError like `chooseKind`
 */
export function assembleFile(
  content: FileContent,
  tiles: readonly TileChunk[],
  coding: TilesCoding,
  options: ResultOptions & Pick<CompressOptions, 'parity'>,
): Uint8Array {
  const { bytes } = chooseKind(tilesContainer(content, tiles, coding), content.shape, options);
  if (!equalBytes(encodedAgain(bytes), bytes)) throw verificationFailed();
  return withParity(bytes, options.parity);
}

function encodedAgain(file: Uint8Array): Uint8Array {
  const parsed = parseUnprotected(file, { maxPixels: Infinity });
  if ('header' in parsed) return encodeContainer(parsed);
  if ('source' in parsed) return encodeStored(parsed);
  throw verificationFailed();
}
