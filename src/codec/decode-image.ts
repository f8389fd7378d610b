import type { Coders } from '../engine/pool.js';
import { PixrnnError } from '../errors.js';
import type { Raster } from '../image/raster.js';
import type { Samples } from '../samples.js';
import { runConcurrently } from '../semaphore.js';
import { samplesCrc } from './check.js';
import { requireScales } from './check-scales.js';
import type { TileProgress } from './coding-options.js';
import { type Container, isStored } from './container.js';
import { decodeTile, type TileDecoding } from './decode-tile.js';
import { extractTile, type Tile, tileGrid } from './tile-grid.js';
import { activeAlphabetOf } from './active-alphabet.js';

/** Options for decoding tiles. */
export interface DecodeOptions {
  readonly onRows: TileProgress;
  readonly signal?: AbortSignal | undefined;
  /**
   * Receives rows of a tile as soon as they are decoded, [rows][tile.width][channels], and the first of them. They are
   * not verified: for display only.
   */
  readonly onTileRows?: ((tile: Tile, row: number, samples: Samples) => void) | undefined;
  /** Selects the tiles to decode; default all. */
  readonly wants?: ((tile: Tile) => boolean) | undefined;
}

/**
 * Decodes the selected tiles of a container in parallel and passes the samples of each, [height][width][channels], to
 * `onTile` in no particular order.
 * @throws PixrnnError `hash-mismatch` if a tile's samples differ from those that were compressed, `file-corrupt` if its
 * small images do not fit the models
 */
export async function decodeImage(
  container: Container,
  models: TileDecoding['models'],
  pool: Coders,
  onTile: (tile: Tile, samples: Samples) => void,
  { onRows, onTileRows, signal, wants = () => true }: DecodeOptions,
): Promise<void> {
  const { header, image } = container;
  const grid = tileGrid(header.width, header.height);
  if (isStored(image)) {
    const raster: Raster = { ...header, samples: image.samples };
    for (const tile of grid.filter(wants)) {
      signal?.throwIfAborted();
      onTile(tile, extractTile(raster, tile));
      onRows(tile.width)(tile.height);
    }
    return;
  }
  requireScales(container, models);
  const decoding: TileDecoding = { header, models, activeAlphabet: await activeAlphabetOf(container), pool };
  const decodeAt = async (tile: Tile, index: number, stop: AbortSignal): Promise<void> => {
    const chunk = image[index];
    if (!chunk) throw new Error('a container has a chunk for every tile');
    const onSamples = onTileRows && ((row: number, rows: Samples) => onTileRows(tile, row, rows));
    const samples = await decodeTile(chunk, tile, decoding, { onRows: onRows(tile.width), onSamples, signal: stop });
    if (chunk.samplesCrc !== null && chunk.samplesCrc !== samplesCrc(samples)) {
      const place = `tile ${index + 1} of ${grid.length} (${tile.width} x ${tile.height} at ${tile.x}, ${tile.y})`;
      throw new PixrnnError('hash-mismatch', `${place} does not decode to the compressed samples. Get the file again.`);
    }
    onTile(tile, samples);
  };
  const tasks = grid.flatMap((tile, index) =>
    wants(tile) ? [(stop: AbortSignal) => decodeAt(tile, index, stop)] : [],
  );
  await runConcurrently(tasks, pool.threads, signal);
}
