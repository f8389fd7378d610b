import type { SideInformation, TileSamples } from '../engine/engine.js';
import type { Raster } from '../image/raster.js';
import type { Model } from '../model/model.js';
import type { Channels, Samples } from '../samples.js';
import { hiddenColour, hiddenPixels, splitAlpha } from './alpha.js';
import { grayFromRgb, isGrayOnly } from './gray.js';
import { hasAlpha } from './container-layout.js';
import { type Models, usesSideInformation } from './models.js';
import { extractTile, type Tile } from './tile-grid.js';
import type { ActiveAlphabet } from './active-alphabet.js';

/** Channels of a tile that are coded together. */
export type SamplesToCode = TileSamples<Channels>;

/** Channels coded together with a model, and their side information. */
export interface ModelPart extends TileSamples {
  readonly model: Model;
  readonly sideInformation: SideInformation;
}

/** A tile split for coding with models. */
export interface ModelParts {
  /** Coded before the colours; null if the image has no alpha. */
  readonly alpha: ModelPart | null;
  readonly colours: ModelPart;
  /** Whether R, G and B are equal in every pixel, so that one channel is coded for all three. */
  readonly isGray: boolean;
  /** The colour of all pixels with alpha 0, part of the colours' side information; null if there is none. */
  readonly hiddenColour: readonly number[] | null;
}

/** Returns all channels of a tile. */
export function tileSamples(raster: Raster, tile: Tile): SamplesToCode {
  const { width, height } = tile;
  return { width, height, channels: raster.channels, depth: raster.depth, samples: extractTile(raster, tile) };
}

export function modelParts(
  all: SamplesToCode,
  models: Models & { readonly gray: Model },
  activeAlphabet: ActiveAlphabet | null,
): ModelParts {
  const { channels, depth } = all;
  const part = (samples: Samples, model: Model, firstChannel: number, known?: Uint8Array): ModelPart => {
    const { channels: count } = model.spec;
    const values = activeAlphabet?.bitmaps.slice(firstChannel, firstChannel + count);
    return { ...all, channels: count, samples, model, sideInformation: sideInformationFor(model, values, known) };
  };
  const split = hasAlpha(channels) ? splitAlpha(all.samples, channels, depth) : null;
  const given = split?.colours ?? all.samples;
  const isGray = channels >= 3 && isGrayOnly(given);
  const colours = isGray ? grayFromRgb(given) : given;
  const model = isGray ? models.gray : (models.rgb ?? models.gray);
  const hidden = split && usesSideInformation(model) ? hiddenColour(split.alpha, colours) : null;
  const known = split && hidden ? hiddenPixels(split.alpha) : undefined;
  return {
    alpha: split && part(split.alpha, models.gray, channels - 1),
    colours: part(colours, model, 0, known),
    isGray,
    hiddenColour: hidden,
  };
}

/** Returns the side information that the model can use; empty for models that use none. */
export function sideInformationFor(
  model: Model,
  values: readonly Uint8Array[] | undefined,
  known: Uint8Array | undefined,
): SideInformation {
  return usesSideInformation(model) ? { values, known } : {};
}
