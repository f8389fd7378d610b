import type { Coders } from '../engine/pool.js';
import { PixrnnError } from '../errors.js';
import { NO_METADATA } from '../image/png-metadata.js';
import type { Raster } from '../image/raster.js';
import type { Model } from '../model/model.js';
import { drawImage } from '../sampling/draw-image.js';
import { drawnDepth, usualSize } from '../sampling/sample-images.js';
import { displayPixels } from './display.js';
import type { DecodedTile, SampleOptions } from './options.js';

interface Options extends Omit<SampleOptions, 'signal' | 'onRow'> {
  readonly pool: Coders;
  readonly signal: AbortSignal;
  readonly onRow: (row: DecodedTile) => void;
}

/**
 * Draws an image from a model and passes each row on as soon as it is drawn; of a Multi-Scale model, those of the last
 * scale.
 * @throws PixrnnError as `sampleImages`
 */
export async function sample(model: Model | undefined, options: Options): Promise<Raster> {
  if (!model) throw new PixrnnError('usage', 'no model is given. Pass one.');
  const usual = usualSize(model);
  const { width = usual.width, height = usual.height, seed, temperature = 1, pool, signal, onRow } = options;
  const { channels } = model.spec;
  const shape = { width, height, channels, depth: drawnDepth(model), indexed: false } as const;
  const onSamples = (y: number, samples: Raster['samples']): void => {
    const rows = { ...shape, height: samples.length / (width * channels), samples };
    onRow({ x: 0, y, width, height: rows.height, pixels: displayPixels(rows, NO_METADATA) });
  };
  const drawing = { model, width, height, depth: shape.depth, seed: [seed, 0], temperature };
  return { ...shape, samples: await drawImage(drawing, pool, { signal, onSamples }) };
}
