import type { Coders } from '../engine/pool.js';
import type { Raster } from '../image/raster.js';
import type { FoundOrigin } from '../origin/find-origin.js';
import { sameSamples } from '../samples.js';
import { decodeTile } from './decode-tile.js';
import { originAt } from './encode-planes.js';
import { type CodedTile, encodeTile } from './encode-tile.js';
import type { ImageCoding } from './image-coding.js';
import type { Tile } from './tile-grid.js';
import { verificationFailed } from './verification-failed.js';

/** Returns the origin of a tile that is coded as a separate image. */
export function separateOrigin(origin: FoundOrigin | null, tile: Tile): FoundOrigin | null {
  return origin && originAt(origin, tile);
}

/**
 * Codes a tile of a larger image from its samples alone, decodes it, and compares. The result is the one that `compressRaster` makes of the
 * whole image.
 * @param tile the samples of the tile as an image
 * @param coding that of the image, with the `separateOrigin` of the tile
 * @throws PixrnnError 'hash-mismatch' if the result does not decode to the samples; the signal's reason
 */
export async function encodeSeparateTile(
  tile: Raster,
  coding: ImageCoding,
  { pool, signal }: { readonly pool: Coders; readonly signal: AbortSignal },
): Promise<CodedTile> {
  const { width, height } = tile;
  const whole: Tile = { x: 0, y: 0, width, height };
  const watch = { onRows: () => undefined, signal };
  const coded = await encodeTile(tile, whole, true, { ...coding, pool }, watch);
  const { models, activeAlphabet, effort } = coding;
  const header = { ...tile, rgbModel: null, grayModel: null, effort };
  const samples = await decodeTile(coded.chunk, whole, { header, models, activeAlphabet, pool }, watch);
  if (!sameSamples(samples, tile.samples)) throw verificationFailed();
  return coded;
}
