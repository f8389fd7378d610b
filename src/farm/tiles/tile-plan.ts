import { readActiveAlphabet } from '../../codec/active-alphabet.js';
import { separateOrigin } from '../../codec/separate-tile.js';
import type { ImageCoding } from '../../codec/image-coding.js';
import { modelsOfShape } from '../../codec/models.js';
import { tileGrid } from '../../codec/tile-grid.js';
import { type Effort, EFFORTS } from '../../effort.js';
import { PixrnnError } from '../../errors.js';
import { checkRaster, type Raster, type RasterShape } from '../../image/raster.js';
import type { Model } from '../../model/model.js';
import { ORIGINS } from '../../origin/origins.js';
import { packedLength, allocateSamples, unpackSamples } from '../../samples.js';
import { isObject } from '../run.js';

/* What the jobs of an image's tiles have in common, as a JSON file next to the bands of samples. */

/** The plan of an image that is split. */
export interface TilePlan extends RasterShape {
  readonly effort: Effort;
  /** The index of the origin in ORIGINS, and its phase. */
  readonly origin: { readonly index: number; readonly x: number; readonly y: number } | null;
  readonly seeksOrigin: boolean;
  /** The payload of the active alphabet in Base64. */
  readonly activeAlphabet: string | null;
}

/** Returns the plan of an image. */
export function tilePlan({ width, height, channels, depth, indexed }: Raster, coding: ImageCoding): TilePlan {
  const { effort, origin, seeksOrigin, activeAlphabet } = coding;
  return {
    ...{ width, height, channels, depth, indexed, effort, seeksOrigin },
    origin: origin && { index: ORIGINS.indexOf(origin.origin), ...origin.phase },
    activeAlphabet: activeAlphabet && Buffer.from(activeAlphabet.payload).toString('base64'),
  };
}

export function encodePlan(plan: TilePlan): Uint8Array {
  return Buffer.from(JSON.stringify(plan));
}

/** @throws PixrnnError 'input-unreadable' */
export function parsePlan(bytes: Uint8Array): TilePlan {
  const value: unknown = JSON.parse(Buffer.from(bytes).toString());
  if (isPlan(value)) return value;
  throw new PixrnnError('input-unreadable', 'the plan of its tiles is malformed. Remove the directory .pixrnn.');
}

function isPlan(value: unknown): value is TilePlan {
  if (!isObject(value)) return false;
  const { width, height, channels, depth, indexed, effort, origin, seeksOrigin, activeAlphabet } = value;
  const isCount = (count: unknown): boolean => Number.isSafeInteger(count) && (count as number) >= 0;
  const isOrigin = origin === null || (isObject(origin) && [origin['index'], origin['x'], origin['y']].every(isCount));
  return (
    [width, height, channels, depth].every(isCount) &&
    typeof indexed === 'boolean' &&
    (EFFORTS as readonly unknown[]).includes(effort) &&
    isOrigin &&
    typeof seeksOrigin === 'boolean' &&
    (activeAlphabet === null || typeof activeAlphabet === 'string')
  );
}

/** A tile as an image, and how to code it. */
export interface SeparateTile {
  readonly raster: Raster;
  readonly coding: ImageCoding;
}

/**
 * Returns a tile as an image.
 * @param band its packed samples
 * @throws PixrnnError 'input-unreadable' if the band does not fit the plan
 */
export async function separateTile(
  plan: TilePlan,
  index: number,
  band: Uint8Array,
  given: Model | undefined,
): Promise<SeparateTile> {
  const { channels, depth, indexed, effort, seeksOrigin } = plan;
  const tile = tileGrid(plan.width, plan.height)[index];
  if (!tile || band.length !== packedLength(tile.width * tile.height * channels, depth)) {
    throw new PixrnnError('input-unreadable', 'a band of its samples is damaged. Remove the directory .pixrnn.');
  }
  const { width, height } = tile;
  const samples = allocateSamples(width * height * channels, depth);
  unpackSamples(band, 0, depth, samples);
  const raster: Raster = { width, height, channels, depth, indexed, samples };
  checkRaster(raster);
  const models = await modelsOfShape(raster, given, effort);
  const origin = separateOrigin(originOf(plan), tile);
  const payload = activeAlphabetOf(plan);
  const activeAlphabet = payload && (await readActiveAlphabet(payload, channels, depth));
  return { raster, coding: { models, effort, origin, seeksOrigin, activeAlphabet } };
}

/** Returns the payload of the active alphabet of an image. */
export function activeAlphabetOf({ activeAlphabet }: TilePlan): Uint8Array | null {
  return activeAlphabet === null ? null : Buffer.from(activeAlphabet, 'base64');
}

function originOf({ origin }: TilePlan): ImageCoding['origin'] {
  const found = origin && ORIGINS[origin.index];
  return found
    ? { origin: found, phase: { x: origin.x, y: origin.y } as NonNullable<ImageCoding['origin']>['phase'] }
    : null;
}
