import type { PrnnFile } from '../codec/container.js';
import type { DecompressOptions } from '../codec/decompress.js';
import type { Tile } from '../codec/tile-grid.js';
import { metadataOf } from '../image/write-png.js';
import { allocateSamples, type Samples } from '../samples.js';
import { displayPixels } from './display.js';
import type { DecodedTile, DecompressOptions as WebOptions } from './options.js';

/** Milliseconds between two pictures of the rows that were decoded meanwhile. */
const INTERVAL = 300;

/** Receives the pixels of tiles and of rows. */
export type Paint = Pick<WebOptions, 'onTile' | 'onRows'>;

/** Decoded rows of a tile that are not shown yet. */
interface Waiting {
  readonly first: number;
  /** Each by itself. */
  readonly rows: Samples[];
}

/**
 * Returns callbacks for decoding that pass tiles on as pixels, and before that their rows, a few times a second; none for
 * files without tiles, or if nobody paints.
 */
export async function tilePainter(
  file: PrnnFile,
  { onTile, onRows }: Paint,
): Promise<Pick<DecompressOptions, 'onTile' | 'onTileRows'>> {
  if (!('header' in file) || (!onTile && !onRows)) return {};
  const { channels, depth, indexed } = file.header;
  const extra = await metadataOf(file.header, file.metadata);
  const waiting = new Map<Tile, Waiting>();
  let shown = performance.now();

  const pixelsOf = ({ x, y, width }: Tile, firstRow: number, samples: Samples): DecodedTile => {
    const shape = { width, height: samples.length / (width * channels), channels, depth, indexed };
    return { x, y: y + firstRow, width, height: shape.height, pixels: displayPixels({ ...shape, samples }, extra) };
  };
  const showWaiting = (): void => {
    for (const [tile, { first, rows }] of waiting) {
      const rowLength = tile.width * channels;
      const samples = allocateSamples(rows.length * rowLength, depth);
      rows.forEach((row, i) => samples.set(row, i * rowLength));
      onRows?.(pixelsOf(tile, first, samples));
    }
    waiting.clear();
    shown = performance.now();
  };
  return {
    onTile: (tile, samples) => {
      waiting.delete(tile);
      if (onTile) onTile(pixelsOf(tile, 0, samples));
    },
    onTileRows:
      onRows &&
      ((tile, row, samples) => {
        const known = waiting.get(tile);
        if (known) known.rows.push(samples);
        else waiting.set(tile, { first: row, rows: [samples] });
        if (performance.now() - shown >= INTERVAL) showWaiting();
      }),
  };
}
