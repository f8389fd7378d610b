import { AlphabetMap } from '../engine/alphabet-map.js';
import { allocateSamples } from '../samples.js';
import type { Raster } from '../image/raster.js';
import { samplesCrc } from './check.js';
import type { PlainPart, TileChunk } from './container-layout.js';
import {
  type CodedPart,
  encodePart,
  encodeWithModel,
  encodeWithoutModel,
  isClearlySmaller,
  partBytes,
  type TileCoding,
} from './encode-part.js';
import { type CodedCoefficients, encodeCoefficients } from './encode-coefficients.js';
import { encodePlanes, originAt } from './encode-planes.js';
import { type ImageLikelihood, withAlphaLast } from './likelihood.js';
import { jfif } from '../origin/jfif.js';
import { smallerScales } from './scales.js';
import type { Tile } from './tile-grid.js';
import { type ModelPart, type ModelParts, modelParts, type SamplesToCode, tileSamples } from './tile-parts.js';
import { type TileWatch, withoutRows } from './tile-watch.js';

/** The smallest coding of a tile. */
export interface CodedTile {
  readonly chunk: TileChunk;
  readonly likelihood: ImageLikelihood;
}

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
  const parts = modelParts(all, coding.models, coding.activeAlphabet);
  const joint = await encodeWithoutModel(all, coding, watch);
  // A flat image that was a JPEG is often smaller as coefficients than anything else. A tile of one colour is not worth
  // the time that a model needs, which is the same for every tile.
  const isFlat = isClearlySmaller(joint, toEstimate(parts.isGray ? parts.colours : all, coding));
  const coded =
    isUniform(all) || (isFlat && coding.origin?.origin.rule !== jfif)
      ? jointResult(joint)
      : await encodeWithModels(all, parts, tile, joint, coding, watch);
  watch.onRows(tile.height);
  return { chunk: { ...coded.chunk, samplesCrc: crc }, likelihood: coded.likelihood };
}

function isUniform({ channels, samples }: SamplesToCode): boolean {
  return samples.every((sample, i) => sample === samples[i % channels]);
}

interface Coded {
  readonly chunk: Omit<TileChunk, 'samplesCrc'>;
  readonly likelihood: ImageLikelihood;
}

function jointResult({ part, likelihood }: CodedPart): Coded {
  return { chunk: { alpha: null, colours: part, isGray: false, hiddenColour: null }, likelihood };
}

/** Returns samples whose estimated size with a model is near the actual one. */
function toEstimate(samples: SamplesToCode, { activeAlphabet }: TileCoding): SamplesToCode {
  // 8 bits that are stored in 16 cost as much as 8 bits. Unused values of fewer bits cost a model bits.
  if (!activeAlphabet || samples.depth !== 16) return samples;
  const { channels, depth } = samples;
  const indices = allocateSamples(samples.samples.length, depth);
  const alphabet = AlphabetMap.of(activeAlphabet.bitmaps.slice(0, channels), channels, depth);
  alphabet.toIndices(samples.samples, indices, () => false);
  return { ...samples, samples: indices };
}

/** @param joint all channels coded without a model: the result if nothing is smaller */
async function encodeWithModels(
  all: SamplesToCode,
  parts: ModelParts,
  tile: Tile,
  joint: CodedPart<PlainPart>,
  coding: TileCoding,
  watch: TileWatch,
): Promise<Coded> {
  const { isGray } = parts;
  if (!parts.alpha && !isGray) return jointResult(await encodeColours(parts.colours, tile, joint, coding, watch));

  const alpha = parts.alpha && (await encodeAlpha(parts.alpha, coding, withoutRows(watch)));
  const plain = await encodeWithoutModel(parts.colours, coding, watch);
  const colours = isClearlySmaller(plain, toEstimate(parts.colours, coding))
    ? plain
    : await encodeColours(parts.colours, tile, plain, coding, watch);
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

/** @param plain the result if neither luma and chroma nor coding with the model is smaller */
async function encodeColours(
  part: ModelPart,
  tile: Tile,
  plain: CodedPart<PlainPart>,
  coding: TileCoding,
  watch: TileWatch,
): Promise<CodedPart> {
  const blocks = await encodeDecodedJpeg(part, tile, plain, coding, watch);
  if (blocks?.isCertain) return blocks.coded;
  const samples = isClearlySmaller(plain, toEstimate(part, coding))
    ? plain
    : ((await encodePlanes(part, tile, plain, coding, watch)) ?? (await encodeWithModel(part, plain, coding, watch)));
  return blocks && partBytes(blocks.coded.part) < partBytes(samples.part) ? blocks.coded : samples;
}

/** Looks for JPEG coefficients in colours with an origin, and in gray. */
function encodeDecodedJpeg(
  part: ModelPart,
  tile: Tile,
  plain: CodedPart<PlainPart>,
  coding: TileCoding,
  watch: TileWatch,
): Promise<CodedCoefficients | null> | null {
  const { origin, seeksOrigin } = coding;
  if (part.channels === 1) return seeksOrigin ? encodeCoefficients(part, null, plain, coding, watch) : null;
  return origin && encodeCoefficients(part, originAt(origin, tile), plain, coding, watch);
}
