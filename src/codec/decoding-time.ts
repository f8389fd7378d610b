import type { JpegEffort } from '../effort.js';
import { PixrnnError } from '../errors.js';
import { equalBytes } from '../bytes.js';
import type { Model } from '../model/model.js';
import { predictorsOf } from '../model/photo.js';
import type { ModelReference } from '../model/registry.js';
import { blocksOf } from '../jpeg/coefficients.js';
import { shapeOfBlocks } from '../origin/dct/block-grid.js';
import type { Channels } from '../samples.js';
import type { Size } from '../subsample.js';
import { colourChannels, isPlain, isStored, type PrnnFile, type TileChunk, type TilePart } from './container-layout.js';
import type { ContainerHeader } from './container-layout.js';
import { decodeOriginPayload } from './origin-payload.js';
import { codedPlanes } from './planes-payload.js';
import { type Tile, tileGrid } from './tile-grid.js';

/*
 * The CPU time of decoding a file, estimated before anything is decoded. The rates are CPU times measured on
 * one core of a server (an Intel Xeon), all shipped models on a part of a Kodak image; the formula is 5 % below to 73 % above them.
 */

/** Default limit of the library, in CPU seconds: 26 megapixels of photographs at effort 3, 150 at effort 1. */
export const MAX_SECONDS = 600;
/** Default limit of the command line and of workers: three times what 100 megapixels of photographs need at effort 3. */
export const MAX_COMMAND_SECONDS = 7200;

/** Weights of the shipped models, by number, so that an estimate need not load them. */
export const SHIPPED_WEIGHTS: Readonly<Record<number, number>> = {
  1: 106_544,
  2: 85_264,
  3: 125_976,
  4: 37_264,
  5: 125_976,
  6: 434_205,
  7: 333_021,
  8: 233_082,
  9: 191_713,
  10: 348_033,
  11: 217_233,
  12: 537_837,
  13: 25_264,
  14: 10_048,
  15: 228_144,
  16: 1_183_760,
};
/** The predictors of those shipped models that fit similar pixels, by number. */
export const SHIPPED_PREDICTORS: Readonly<Record<number, string>> = { 1: 'ABDF', 15: 'ABCDEFGH' };

/** Seconds for a pixel of a network: for each channel, for each weight, and for the mixer of each channel from effort 2 on. */
const PER_CHANNEL = 0.7e-6;
const PER_WEIGHT = 7.5e-11;
const PER_MIXED_CHANNEL = 4.3e-6;
/** Seconds of each fit to similar pixels for a pixel. */
const PER_SIMILAR_FIT: Readonly<Record<string, number>> = { F: 2e-6, G: 3.5e-6, H: 9e-6 };
/** Seconds of the palette coder for a pixel, and for a byte of its payload, which codes what its candidates miss. */
const PER_PALETTE_PIXEL = 0.05e-6;
const PER_PALETTE_BYTE = 2.2e-6;
/** Seconds for a block of JPEG coefficients, and for a byte of them by effort. */
const PER_BLOCK = 3e-6;
const PER_COEFFICIENT_BYTE: Readonly<Record<JpegEffort, number>> = { 1: 4e-6, 2: 7e-6, 3: 9e-6 };
const BLOCK_PIXELS = 64;
/** Components of a JPEG image that codes no more than it shows. */
const JPEG_COMPONENTS = 3;

/** What an estimate is for. */
export interface WorkToDecode {
  /** Models that are not shipped. */
  readonly models?: readonly Model[] | undefined;
  /** Selects the tiles to decode, by their place and index; default all. */
  readonly wants?: ((tile: Tile, index: number) => boolean) | undefined;
}

/**
 * Returns the CPU seconds that decoding the samples or coefficients of a file needs, over all threads; null if it names a
 * model that is neither shipped nor given. Rebuilding the source file from them is not included: it needs at most some
 * seconds.
 */
export function decodingSeconds(file: PrnnFile, { models = [], wants = () => true }: WorkToDecode = {}): number | null {
  if ('source' in file) return 0;
  if ('record' in file) {
    const bytes = file.coefficients.reduce((sum, { length }) => sum + length, 0);
    return coefficientSeconds((JPEG_COMPONENTS * file.width * file.height) / BLOCK_PIXELS, bytes, file.effort);
  }
  const { header, image } = file;
  if (isStored(image)) return 0;
  const rates = { rgb: rateOf(header.rgbModel, 3, header, models), gray: rateOf(header.grayModel, 1, header, models) };
  if (rates.rgb === null || rates.gray === null) return null;
  const ofTile = { header, perPixel: { rgb: rates.rgb, gray: rates.gray } };
  return tileGrid(header.width, header.height).reduce(
    (sum, tile, i) => (wants(tile, i) ? sum + tileSeconds(image[i] as TileChunk, tile, ofTile) : sum),
    0,
  );
}

/**
 * Returns the estimated CPU seconds of decoding a file, and rejects one that needs too many.
 * @throws PixrnnError 'limit'
 */
export function requireTime(file: PrnnFile, maxSeconds: number, work: WorkToDecode = {}): number {
  const seconds = decodingSeconds(file, work) ?? 0; // without its model nothing is decoded
  if (seconds <= maxSeconds) return seconds;
  const what = `decoding it needs about ${Math.ceil(seconds)} s of CPU time, more than the limit of ${maxSeconds}`;
  throw new PixrnnError('limit', `${what}. If you trust the file, raise maxSeconds.`, { option: 'maxSeconds' });
}

/** What the tiles of an image have in common. */
interface TileTiming {
  readonly header: ContainerHeader;
  /** Seconds for a pixel with each model. */
  readonly perPixel: { readonly rgb: number; readonly gray: number };
}

function tileSeconds(chunk: TileChunk, tile: Tile, timing: TileTiming): number {
  const { alpha, colours } = chunk;
  const count = colourChannels(timing.header.channels, chunk);
  return (alpha ? partSeconds(alpha, 1, tile, timing) : 0) + partSeconds(colours, count, tile, timing);
}

function partSeconds(part: TilePart, channels: Channels, size: Size, timing: TileTiming): number {
  const pixels = size.width * size.height;
  if (!isPlain(part)) return originSeconds(part, channels, size, timing);
  const { representation, payload } = part;
  if (representation === 'raw') return 0;
  if (representation === 'palette') return pixels * PER_PALETTE_PIXEL + payload.length * PER_PALETTE_BYTE;
  return pixels * (channels === 1 ? timing.perPixel.gray : timing.perPixel.rgb);
}

/** Returns the seconds of luma and chroma or coefficients, and of exceptions. */
function originSeconds({ payload }: TilePart, channels: Channels, size: Size, timing: TileTiming): number {
  const coded = decodeOriginPayload(payload);
  const { exceptions } = coded;
  const ofExceptions = exceptions ? partSeconds(exceptions, channels, size, timing) : 0;
  if ('luma' in coded) {
    const planes = codedPlanes(coded, size);
    return planes.reduce((sum, plane) => sum + partSeconds(plane.part, plane.channels, plane, timing), ofExceptions);
  }
  const { origin, place, steps, effort, coefficients } = coded;
  const shape = shapeOfBlocks(size, origin?.subsampling ?? null, place, steps);
  return ofExceptions + coefficientSeconds(blocksOf(shape), coefficients.length, effort);
}

function coefficientSeconds(blocks: number, bytes: number, effort: JpegEffort): number {
  return blocks * PER_BLOCK + bytes * PER_COEFFICIENT_BYTE[effort];
}

/** Returns the seconds for a pixel with a model, 0 without one; null if its weights are unknown. */
function rateOf(
  reference: ModelReference | null,
  channels: 1 | 3,
  { effort }: ContainerHeader,
  models: readonly Model[],
): number | null {
  if (reference === null) return 0;
  const network = networkOf(reference, models);
  if (network === null) return null;
  const mixing = effort === 1 ? 0 : PER_MIXED_CHANNEL;
  const fits = [...network.predictors].reduce((sum, letter) => sum + (PER_SIMILAR_FIT[letter] ?? 0), 0);
  return channels * (PER_CHANNEL + mixing) + network.weights * PER_WEIGHT + fits;
}

function networkOf(
  reference: ModelReference,
  models: readonly Model[],
): { weights: number; predictors: string } | null {
  if (typeof reference === 'number') {
    const weights = SHIPPED_WEIGHTS[reference];
    return weights === undefined ? null : { weights, predictors: SHIPPED_PREDICTORS[reference] ?? '' };
  }
  const model = models.find(({ id }) => equalBytes(id, reference));
  return model ? { weights: weightCount(model), predictors: lettersOf(model) } : null;
}

/** Returns the letters of a model's least-squares predictors. */
export function lettersOf({ spec }: Model): string {
  return spec.architecture === 'photo' ? predictorsOf(spec) : '';
}

/** Returns the number of weights of a model. */
export function weightCount({ tensors }: Model): number {
  return [...tensors.values()].reduce((sum, { length }) => sum + length, 0);
}
