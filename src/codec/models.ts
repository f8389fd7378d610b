import type { Effort } from '../effort.js';
import { PixrnnError } from '../errors.js';
import { type Raster, type RasterShape, channelsName } from '../image/raster.js';
import { architectureOf } from '../model/architectures.js';
import type { Model } from '../model/model.js';
import { findModel, modelFor, type ModelReference } from '../model/registry.js';
import type { ContainerHeader } from './container-layout.js';
import { findActiveAlphabet, type ActiveAlphabet } from './active-alphabet.js';
import { isGrayOnly } from './gray.js';
import { extractTile, tileGrid } from './tile-grid.js';

/** The models for an image. */
export interface Models {
  /** For R, G and B; null if the image has none or the file needs no model for them. */
  readonly rgb: Model | null;
  /** For gray, indices and alpha; null if the file needs none. */
  readonly gray: Model | null;
}

/** The models for coding an image. */
export type CodingModels = Models & { readonly main: Model; readonly gray: Model };

/**
 * Returns the models for coding a raster: the given one, or the default ones of the effort. The gray model of an image without alpha, gray
 * tiles and planes is never used and not loaded: a web page would have to fetch it.
 * @param hasPlanes whether R, G and B may be coded as luma and chroma
 * @param raster has been checked
 * @throws PixrnnError `usage` if the model does not fit the image
 */
export async function modelsToCode(
  raster: Raster,
  given: Model | undefined,
  effort: Effort,
  hasPlanes = false,
): Promise<CodingModels> {
  return modelsFor(raster, given, effort, () => hasPlanes || hasGrayTile(raster));
}

/**
 * Returns the models for coding an image of this shape, whatever its samples are.
 * @throws PixrnnError `usage` if the model does not fit the image
 */
export async function modelsOfShape(
  shape: RasterShape,
  given: Model | undefined,
  effort: Effort,
): Promise<CodingModels> {
  return modelsFor(shape, given, effort, () => true);
}

async function modelsFor(
  shape: RasterShape,
  given: Model | undefined,
  effort: Effort,
  mayNeedGray: () => boolean,
): Promise<CodingModels> {
  const isRgb = shape.channels >= 3;
  const main = given ?? (await modelFor(isRgb ? 3 : 1, effort));
  requireFit(main, shape);
  if (!isRgb) return { main, rgb: null, gray: main };
  return { main, rgb: main, gray: shape.channels === 4 || mayNeedGray() ? await modelFor(1, effort) : main };
}

function hasGrayTile(raster: Raster): boolean {
  return tileGrid(raster.width, raster.height).some((tile) => isGrayOnly(extractTile(raster, tile)));
}

/** Throws `usage` if the model cannot code the colours of such an image. */
export function requireFit(model: Model, { channels, depth }: Pick<Raster, 'channels' | 'depth'>): void {
  if (model.spec.channels !== (channels >= 3 ? 3 : 1)) {
    throw new PixrnnError(
      'usage',
      `the model ${model.name} codes ${channelsName(model.spec.channels)}, but the image is ${channelsName(channels)}. Use another model.`,
    );
  }
  if (!codesDepth(model, depth)) {
    throw new PixrnnError('usage', `the model ${model.name} does not support ${depth}-bit samples. Use another model.`);
  }
}

/** Loads the models that a file names. Throws `unknown-model` or `file-corrupt`. */
export async function modelsToDecode(
  { depth, rgbModel, grayModel }: ContainerHeader,
  extra: readonly Model[] = [],
): Promise<Models> {
  const find = async (reference: ModelReference | null, channels: 1 | 3): Promise<Model | null> => {
    if (reference === null) return null;
    const model = await findModel(reference, extra);
    if (model.spec.channels === channels && codesDepth(model, depth)) return model;
    throw new PixrnnError('file-corrupt', 'its model does not fit its sample format. Get the file again.');
  };
  return { rgb: await find(rgbModel, 3), gray: await find(grayModel, 1) };
}

/** Returns whether a model supports samples of `depth` bits. */
export function codesDepth({ spec }: Pick<Model, 'spec'>, depth: Raster['depth']): boolean {
  return architectureOf(spec.architecture).depths(spec).includes(depth);
}

/** Returns whether a model uses side information of a tile. */
export function usesSideInformation(model: Model): boolean {
  return architectureOf(model.spec.architecture).usesSideInformation;
}

/** Returns the active alphabet of an image if it makes the file smaller and the model can use it, else null. */
export async function activeAlphabetFor(raster: Raster, model: Model): Promise<ActiveAlphabet | null> {
  return usesSideInformation(model) ? findActiveAlphabet(raster) : null;
}
