import { type Raster } from '../image/raster.js';
import type { Model } from '../model/model.js';
import { findOrigin } from '../origin/find-origin.js';
import { activeAlphabetFor, modelsToCode } from './models.js';
import { effortToCode, type ModelOptions } from './coding-options.js';
import type { TileCoding } from './encode-part.js';

/** What the tiles of an image share, apart from the threads. */
export type ImageCoding = Omit<TileCoding, 'pool'> & {
  readonly models: TileCoding['models'] & { readonly main: Model };
};

/**
 * Returns what the tiles of an image share.
 * @param raster has been checked
 * @throws PixrnnError 'usage' if the model or the effort does not fit
 */
export async function imageCoding(
  raster: Raster,
  { model, effort, origin: seeks }: Pick<ModelOptions, 'model' | 'effort'> & { readonly origin?: boolean | undefined },
): Promise<ImageCoding> {
  const seeksOrigin = !model && seeks !== false;
  const origin = seeksOrigin ? findOrigin(raster) : null;
  const level = effortToCode(effort);
  const models = await modelsToCode(raster, model, level, origin !== null);
  return { models, effort: level, activeAlphabet: await activeAlphabetFor(raster, models.main), origin, seeksOrigin };
}
