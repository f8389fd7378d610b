import type { Effort } from '../engine/effort.js';
import type { Coders } from '../engine/pool.js';
import type { Model } from '../model/model.js';
import type { Raster } from '../image/raster.js';
import { packSamples, packedLength } from '../samples.js';
import { samplesCrc } from './check.js';
import { encodeScales } from './code-scales.js';
import { payloadsOf, type TileChunk, type TilePart } from './container-layout.js';
import { estimateModelBits } from './estimate.js';
import { type ImageLikelihood, likelihoodOfBytes, withAlphaLast } from './likelihood.js';
import type { Models } from './models.js';
import { smallerScales } from './scales.js';
import type { Tile } from './tile-grid.js';
import { type ModelPart, modelParts, type SamplesToCode, tileSamples } from './tile-parts.js';
import { type TileWatch, withoutRows } from './tile-watch.js';
import type { ActiveAlphabet } from './active-alphabet.js';
import { varintLength } from '../varint.js';

/** State shared by all tiles of an image. */
export interface TileCoding {
  readonly models: Models & { readonly gray: Model };
  readonly effort: Effort;
  readonly activeAlphabet: ActiveAlphabet | null;
  readonly pool: Coders;
}

/** The smallest coding of a tile. */
export interface CodedTile {
  readonly chunk: TileChunk;
  readonly likelihood: ImageLikelihood;
}

interface CodedPart {
  readonly part: TilePart;
  readonly likelihood: ImageLikelihood;
}

/**
 * The palette coder needs a tenth of a model's time, a fifth at most, so it runs on every tile. If its result is
 * smaller than this fraction of the estimated size with a model, no model is tried.
 */
const CLEARLY_SMALLER = 0.5;

/** Codes a tile with every representation that may be the smallest, and returns the smallest result. */
export async function encodeTile(
  raster: Raster,
  tile: Tile,
  hasCrc: boolean,
  coding: TileCoding,
  watch: TileWatch,
): Promise<CodedTile> {
  const all = tileSamples(raster, tile);
  const crc = hasCrc ? samplesCrc(all.samples) : null;
  const joint = await encodeWithoutModel(all, coding, watch);
  const coded = isClearlySmaller(joint, all) ? jointResult(joint) : await encodeWithModels(all, joint, coding, watch);
  watch.onRows(tile.height);
  return { chunk: { ...coded.chunk, samplesCrc: crc }, likelihood: coded.likelihood };
}

interface Coded {
  readonly chunk: Omit<TileChunk, 'samplesCrc'>;
  readonly likelihood: ImageLikelihood;
}

function jointResult({ part, likelihood }: CodedPart): Coded {
  return { chunk: { alpha: null, colours: part, isGray: false, hiddenColour: null }, likelihood };
}

/** @param joint all channels coded without a model: the result if nothing is smaller */
async function encodeWithModels(
  all: SamplesToCode,
  joint: CodedPart,
  coding: TileCoding,
  watch: TileWatch,
): Promise<Coded> {
  const parts = modelParts(all, coding.models, coding.activeAlphabet);
  const { isGray } = parts;
  if (!parts.alpha && !isGray) return jointResult(await encodeWithModel(parts.colours, joint, coding, watch));

  const alpha = parts.alpha && (await encodeAlpha(parts.alpha, coding, withoutRows(watch)));
  const colours = await encodePart(parts.colours, coding, watch);
  const bytes = (alpha ? partBytes(alpha.part) : 0) + partBytes(colours.part);
  if (partBytes(joint.part) <= bytes) return jointResult(joint);
  const hiddenColour = colours.part.representation === 'model' ? parts.hiddenColour : null;
  return {
    chunk: { alpha: alpha && alpha.part, colours: colours.part, isGray, hiddenColour },
    likelihood: alpha ? withAlphaLast(colours.likelihood, alpha.likelihood, all.channels - 1) : colours.likelihood,
  };
}

/** The format stores the small images of one part only: the colours. */
function encodeAlpha(part: ModelPart, coding: TileCoding, watch: TileWatch): Promise<CodedPart> {
  return smallerScales(part.model) > 0 ? encodeWithoutModel(part, coding, watch) : encodePart(part, coding, watch);
}

async function encodePart(part: ModelPart, coding: TileCoding, watch: TileWatch): Promise<CodedPart> {
  const plain = await encodeWithoutModel(part, coding, watch);
  return isClearlySmaller(plain, part) ? plain : encodeWithModel(part, plain, coding, watch);
}

/** @param plain the result if coding with the model is not smaller */
async function encodeWithModel(
  part: ModelPart,
  plain: CodedPart,
  { effort, pool }: TileCoding,
  watch: TileWatch,
): Promise<CodedPart> {
  const { payloads, likelihood } = await encodeScales(part, effort, pool, watch);
  const payload = payloads?.at(-1);
  if (!payloads || !payload) return plain;
  const smaller = payloads.slice(0, -1);
  const coded: TilePart = { representation: 'model', payload, ...(smaller.length > 0 && { smaller }) };
  return partBytes(coded) < partBytes(plain.part) ? { part: coded, likelihood } : plain;
}

/** Returns the size of a part in the file: its payloads, and the length fields of its small images. */
function partBytes(part: TilePart): number {
  const payloads = payloadsOf(part).reduce((sum, { length }) => sum + length, 0);
  return (part.smaller ?? []).reduce((sum, { length }) => sum + varintLength(length), payloads);
}

/** Codes samples with the palette coder, or stores them raw if that does not compress them. */
async function encodeWithoutModel(all: SamplesToCode, { pool }: TileCoding, watch: TileWatch): Promise<CodedPart> {
  const { width, height, channels, depth, samples } = all;
  const raw = packedLength(samples.length, depth);
  const payload = await pool.runPlain(
    () => ({
      kind: 'encode-palette',
      tile: { width, height, channels, depth, samples: samples.slice() },
      limit: raw - 1,
    }),
    { signal: watch.signal },
  );
  return payload === null
    ? {
        part: { representation: 'raw', payload: packSamples(samples, depth) },
        likelihood: likelihoodOfBytes(raw, channels),
      }
    : { part: { representation: 'palette', payload }, likelihood: likelihoodOfBytes(payload.length, channels) };
}

function isClearlySmaller({ part: { representation, payload } }: CodedPart, all: SamplesToCode): boolean {
  return representation === 'palette' && 8 * payload.length < CLEARLY_SMALLER * estimateModelBits(all);
}
