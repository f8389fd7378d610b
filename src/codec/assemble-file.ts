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
  const pixels = tilesContainer(content, tiles, coding);
  const { kind, bytes } = chooseKind(pixels, content.shape, options);
  const { source, restoration } = options;
  const { width, height } = content.shape;
  const isStored = kind === 'stored' && source;
  const file = isStored
    ? encodeStored({ width, height, extension: source.extension, source: source.bytes })
    : kind === 'exact'
      ? encodeContainer({ ...pixels, restoration })
      : bytes;
  if (!equalBytes(encodedAgain(file), file)) throw verificationFailed();
  return file;
}

function encodedAgain(file: Uint8Array): Uint8Array {
  const parsed = parseFile(file, { maxPixels: Infinity });
  if ('header' in parsed) return encodeContainer(parsed);
  if ('source' in parsed) return encodeStored(parsed);
  throw verificationFailed();
}
