import { equalBytes } from '../bytes.js';
import { encodeContainer, encodeStored, parseFile, type TileChunk } from './container.js';
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
  options: ResultOptions,
): Uint8Array {
  const { bytes } = chooseKind(tilesContainer(content, tiles, coding), content.shape, options);
  if (!equalBytes(encodedAgain(bytes), bytes)) throw verificationFailed();
  return bytes;
}

function encodedAgain(file: Uint8Array): Uint8Array {
  const parsed = parseFile(file, { maxPixels: Infinity });
  if ('header' in parsed) return encodeContainer(parsed);
  if ('source' in parsed) return encodeStored(parsed);
  throw verificationFailed();
}
