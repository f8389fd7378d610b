import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { blobs } from '../fixtures/draw.js';
import { listImages } from './data-set.js';
import { type Pixels, readPixels } from './pixels.js';

/** Returns an image of any size: a mosaic of photographs if the data sets are available, otherwise a drawn one. */
export async function largeImage(
  size: { width: number; height: number },
  data: string,
): Promise<{ pixels: Pixels; origin: string }> {
  const set = ['clic2025', 'cid22'].find((name) => existsSync(join(data, name)));
  if (set === undefined) return { pixels: blobs(size), origin: 'drawn' };
  const files = (await listImages(data, [set], Infinity)).map(({ file }) => join(data, set, file));
  const sources = await Promise.all(files.map(readPixels));
  return { pixels: mosaic(sources, size), origin: `tiled from ${set}` };
}

/** Equal cells, filled from the sources in turn; repeated sources are mirrored. */
function mosaic(sources: readonly Pixels[], { width, height }: { width: number; height: number }): Pixels {
  const cellWidth = Math.min(...sources.map((source) => source.width));
  const cellHeight = Math.min(...sources.map((source) => source.height));
  const columns = Math.ceil(width / cellWidth);
  const samples = new Uint8Array(width * height * 3);
  let index = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = Math.floor(y / cellHeight) * columns + Math.floor(x / cellWidth);
      const source = sources[cell % sources.length];
      if (!source) throw new Error('the mosaic has no source image.');
      const mirrored = Math.floor(cell / sources.length) % 2 === 1;
      const column = mirrored ? cellWidth - 1 - (x % cellWidth) : x % cellWidth;
      const from = 3 * ((y % cellHeight) * source.width + column);
      samples.set(source.samples.subarray(from, from + 3), index);
      index += 3;
    }
  }
  return { width, height, samples };
}
