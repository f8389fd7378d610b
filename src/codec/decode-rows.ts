import { PixrnnError } from '../errors.js';
import { MAX_PIXELS, type Raster } from '../image/raster.js';
import { allocateSamples } from '../samples.js';
import { progressOver } from './coding-options.js';
import { type Container, type ContainerHeader, parseFile } from './container.js';
import { decodeImage } from './decode-image.js';
import { MAX_SECONDS, requireTime } from './decoding-time.js';
import { type DecompressOptions, requireDigest, requireMemory } from './decompress.js';
import { modelsToDecode } from './models.js';
import { openSource } from './open-container.js';
import { placeRows, type Tile, tileGrid } from './tile-grid.js';
import { withTimedPool } from './timed-coders.js';

/** A range of rows, counted from 0 at the top: `first` is included, `end` is not. */
export type RowRange = readonly [first: number, end: number];

/**
 * Decodes some rows of a .prnn file, bit for bit, and returns them with the parsed container. Decodes only the tiles
 * that intersect these rows; memory holds the rows and one tile per thread. Every decoded tile is checked against its
 * hash, an image of a single tile against the digest. A stored source is read as a whole. `maxPixels` and
 * `maxSeconds` limit what is decoded, not the image.
 * @throws PixrnnError as `decompressToRaster`, and `usage` for rows outside the image
 */
export async function decompressRows(
  bytes: Uint8Array,
  rows: RowRange,
  options: DecompressOptions = {},
): Promise<{ raster: Raster; container: Container }> {
  const { maxPixels = MAX_PIXELS, maxSeconds = MAX_SECONDS, models: extra, signal, onProgress } = options;
  const file = parseFile(bytes, { maxPixels: Infinity });
  const container = 'header' in file ? file : await openSource(file, { ...options, maxPixels });
  const { header } = container;
  requireRows(rows, header);
  const [first, end] = rows;
  const { width, channels, depth, indexed } = header;
  const shape = { width, height: end - first, channels, depth, indexed };

  const grid = tileGrid(width, header.height);
  const wants = (tile: Tile): boolean => tile.y < end && tile.y + tile.height > first;
  const pixels = grid.filter(wants).reduce((sum, tile) => sum + tile.width * tile.height, 0);
  requirePixels(pixels, maxPixels);
  requireMemory(shape);
  const estimate = requireTime(container, maxSeconds, { models: extra, wants });
  const models = await modelsToDecode(header, extra);
  const raster: Raster = { ...shape, samples: allocateSamples(width * shape.height * channels, depth) };
  await withTimedPool(options, estimate, (pool) =>
    decodeImage(
      container,
      models,
      pool,
      (tile, samples) => {
        if (grid.length === 1) requireDigest(samples, container); // the only tile has no hash
        placeRows(raster, first, tile, samples);
      },
      { onRows: progressOver(pixels, onProgress), signal, wants },
    ),
  );
  return { raster, container };
}

function requirePixels(pixels: number, maxPixels: number): void {
  if (pixels <= maxPixels) return;
  const what = `these rows need ${pixels} decoded pixels, more than the limit of ${maxPixels}`;
  throw new PixrnnError('limit', `${what}. If you trust the file, raise maxPixels, or request fewer rows.`);
}

function requireRows([first, end]: RowRange, { height }: ContainerHeader): void {
  if (Number.isInteger(first) && Number.isInteger(end) && first >= 0 && first < end && end <= height) return;
  throw new PixrnnError(
    'usage',
    `the rows [${first}, ${end}] are outside the image, which has ${height} rows. ` +
      `Use integers with 0 <= first < end <= ${height}; end is not included.`,
  );
}
