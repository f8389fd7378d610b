import { PixrnnError } from '../errors.js';
import { type Raster, channelsName, checkRaster } from '../image/raster.js';
import { architectureOf } from '../model/architectures.js';
import type { Model } from '../model/model.js';
import { findModel, modelFor, type ModelReference } from '../model/registry.js';
import type { ContainerHeader } from './container-layout.js';
import { findActiveAlphabet, type ActiveAlphabet } from './active-alphabet.js';

/** What the channels of an image are coded with. */
export interface Models {
  /** For R, G and B; null for images without them, or where a file needs none. */
  readonly rgb: Model | null;
  /** For gray, indices and alpha; null where a file needs none. */
  readonly gray: Model | null;
}

/** The models to code a raster with: the given one or shipped ones. Throws `usage` where they do not fit together. */
export async function modelsToCode(
  raster: Raster,
  given: Model | undefined,
): Promise<Models & { readonly main: Model; readonly gray: Model }> {
  checkRaster(raster);
  const isRgb = raster.channels >= 3;
  const main = given ?? (await modelFor(isRgb ? 3 : 1));
  requireFit(main, raster);
  return isRgb ? { main, rgb: main, gray: await modelFor(1) } : { main, rgb: null, gray: main };
}

/** Throws `usage` where a model does not code the colours of such an image. */
export function requireFit(model: Model, { channels, depth }: Pick<Raster, 'channels' | 'depth'>): void {
  if (model.spec.channels !== (channels >= 3 ? 3 : 1)) {
    throw new PixrnnError(
      'usage',
      `the model ${model.name} is for ${channelsName(model.spec.channels)} and the image is ${channelsName(channels)}. Use another model.`,
    );
  }
  if (!codesDepth(model, depth)) {
    throw new PixrnnError(
      'usage',
      `the model ${model.name} does not code samples of ${depth} bits. Use another model.`,
    );
  }
}

/** The models that a file names. Throws `unknown-model` or `file-corrupt`. */
export async function modelsToDecode(
  { depth, rgbModel, grayModel }: ContainerHeader,
  extra: readonly Model[] = [],
): Promise<Models> {
  const find = async (reference: ModelReference | null, channels: 1 | 3): Promise<Model | null> => {
    if (reference === null) return null;
    const model = await findModel(reference, extra);
    if (model.spec.channels === channels && codesDepth(model, depth)) return model;
    throw new PixrnnError('file-corrupt', 'its model is for another kind of samples. Get the file again.');
  };
  return { rgb: await find(rgbModel, 3), gray: await find(grayModel, 1) };
}

/** Whether a model of this spec codes samples of so many bits. */
export function codesDepth({ spec }: Pick<Model, 'spec'>, depth: Raster['depth']): boolean {
  return architectureOf(spec.architecture).depths(spec).includes(depth);
}

/** Whether a model makes use of what is known of a tile. */
export function usesSideInformation(model: Model): boolean {
  return architectureOf(model.spec.architecture).usesSideInformation;
}

/** The values that occur in an image, where that is worth telling a model. */
export async function activeAlphabetFor(raster: Raster, model: Model): Promise<ActiveAlphabet | null> {
  return usesSideInformation(model) ? findActiveAlphabet(raster) : null;
}
