import type { Coders } from '../engine/pool.js';
import { blocksOf } from '../jpeg/coefficients.js';
import { shapeOfBlocks } from '../origin/dct/block-grid.js';
import { samplesOfBlocks } from '../origin/dct/samples-of-blocks.js';
import type { Size } from '../subsample.js';
import type { CoefficientsPart } from './coefficients-payload.js';
import type { TileWatch } from './tile-watch.js';

/** Returns the samples that follow from the coefficients of a part, without the exceptions. */
export async function decodeBlocks(
  { origin, place, steps, effort, coefficients }: CoefficientsPart,
  size: Size,
  pool: Coders,
  { onRows, signal }: TileWatch,
): Promise<Uint8Array> {
  const shape = shapeOfBlocks(size, origin?.subsampling ?? null, place, steps);
  const total = blocksOf(shape);
  const image = await pool.runPlain(() => ({ kind: 'decode-jpeg', payload: coefficients.slice(), shape, effort }), {
    signal,
    onRows: (blocks) => onRows(Math.floor((size.height * blocks) / total)),
  });
  return samplesOfBlocks({ origin, place, image }, size);
}
