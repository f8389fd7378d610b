import { PixrnnError } from '../errors.js';
import { MAX_PIXELS, type Raster } from '../image/raster.js';
import { allocateSamples } from '../samples.js';
import { progressOver, withPool } from './coding-options.js';
import { type Container, type ContainerHeader, decodeContainer, isPngStream } from './container.js';
import { decodeImage, decodeStream } from './decode-image.js';
import { type DecompressOptions, requireDigest, requireMemory } from './decompress.js';
import { modelsToDecode } from './models.js';
import { placeRows, type Tile, tileGrid } from './tile-grid.js';

/** Rows of an image: from `first` on, counted from 0 at the top, up to `end`, which is not among them. */
export type RowRange = readonly [first: number, end: number];

/**
 * Some rows of the image of a .prnn file, bit for bit, and the parsed container. Only the tiles that these rows touch are decoded, and
 * memory is that of the rows and of a tile for each thread. What was decoded is checked: each tile against its own hash, an image of one tile
 * against the digest. A PNG's stream is decoded as a whole and checked against the digest. `maxPixels` counts what is decoded, not the image.
 * @throws PixrnnError as `decompressToRaster` does, and `usage` for rows that the image has not
 */
export async function decompressRows(
  bytes: Uint8Array,
  rows: RowRange,
  options: DecompressOptions = {},
): Promise<{ raster: Raster; container: Container }> {
  const { maxPixels = MAX_PIXELS, models: extra, signal, onProgress } = options;
  const container = decodeContainer(bytes, { maxPixels: Infinity });
  const { header, image } = container;
  requireRows(rows, header);
  const [first, end] = rows;
  const { width, channels, depth, indexed } = header;
  const shape = { width, height: end - first, channels, depth, indexed };

  if (isPngStream(image)) {
    // Nothing in the file bounds its size: a grid of its tiles could be larger than all memory.
    const pixels = width * header.height;
    requirePixels(pixels, maxPixels);
    requireMemory(header);
    signal?.throwIfAborted();
    const whole = decodeStream(header, image);
    requireDigest(whole, container);
    onProgress?.(pixels, pixels);
    return { raster: { ...shape, samples: whole.slice(first * width * channels, end * width * channels) }, container };
  }
  const grid = tileGrid(width, header.height);
  const wants = (tile: Tile): boolean => tile.y < end && tile.y + tile.height > first;
  const pixels = grid.filter(wants).reduce((sum, tile) => sum + tile.width * tile.height, 0);
  requirePixels(pixels, maxPixels);
  requireMemory(shape);
  const models = await modelsToDecode(header, extra);
  const raster: Raster = { ...shape, samples: allocateSamples(width * shape.height * channels, depth) };
  await withPool(options, (pool) =>
    decodeImage(
      container,
      models,
      pool,
      (tile, samples) => {
        if (grid.length === 1) requireDigest(samples, container); // it is the image, and has no hash of its own
        placeRows(raster, first, tile, samples);
      },
      { onRows: progressOver(pixels, onProgress), signal, wants },
    ),
  );
  return { raster, container };
}

function requirePixels(pixels: number, maxPixels: number): void {
  if (pixels <= maxPixels) return;
  const what = `these rows take ${pixels} pixels to decode, more than the limit of ${maxPixels}`;
  throw new PixrnnError('limit', `${what}. If you trust the file, raise maxPixels, or ask for fewer rows.`);
}

function requireRows([first, end]: RowRange, { height }: ContainerHeader): void {
  if (Number.isInteger(first) && Number.isInteger(end) && first >= 0 && first < end && end <= height) return;
  throw new PixrnnError(
    'usage',
    `the rows [${first}, ${end}] are not rows of an image of ${height}. ` +
      `Give two whole numbers, the first row and the one behind the last, with 0 <= first < end <= ${height}.`,
  );
}
