import type { SideInformation, TileSamples } from '../engine/engine.js';
import type { Raster } from '../image/raster.js';
import type { Model } from '../model/model.js';
import type { Channels, Samples } from '../samples.js';
import { hiddenColour, hiddenPixels, splitAlpha } from './alpha.js';
import { everyThird, isGrayOnly } from './gray.js';
import { hasAlpha } from './container-layout.js';
import { type Models, usesSideInformation } from './models.js';
import { extractTile, type Tile } from './tile-grid.js';
import type { ActiveAlphabet } from './active-alphabet.js';

/** Channels of a tile that are coded together. */
export type SamplesToCode = TileSamples<Channels>;

/** What a model codes together, and what the decoder knows of it beforehand. */
export interface ModelPart extends TileSamples {
  readonly model: Model;
  readonly sideInformation: SideInformation;
}

/** A tile as models see it. */
export interface ModelParts {
  /** Coded before the colours; null where the image has none. */
  readonly alpha: ModelPart | null;
  readonly colours: ModelPart;
  /** Whether R, G and B are the same in every pixel, so that one channel stands for them. */
  readonly isGray: boolean;
  /** The colour of all pixels with alpha 0, which the colours' knowledge holds; null where there is none. */
  readonly hiddenColour: readonly number[] | null;
}

/** All channels of a tile. */
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
  const colours = isGray ? everyThird(given) : given;
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

/** What a model is told of a part, which may be less than what is known. */
export function sideInformationFor(
  model: Model,
  values: readonly Uint8Array[] | undefined,
  known: Uint8Array | undefined,
): SideInformation {
  return usesSideInformation(model) ? { values, known } : {};
}
