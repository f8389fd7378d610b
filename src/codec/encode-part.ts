import type { Effort } from '../effort.js';
import type { Coders } from '../engine/pool.js';
import type { Model } from '../model/model.js';
import type { FoundOrigin } from '../origin/find-origin.js';
import { packSamples, packedLength } from '../samples.js';
import { encodeScales } from './code-scales.js';
import { payloadsOf, type PlainPart, type TilePart } from './container-layout.js';
import { estimateModelBits } from './estimate.js';
import { type ImageLikelihood, likelihoodOfBytes } from './likelihood.js';
import type { Models } from './models.js';
import type { ModelPart, SamplesToCode } from './tile-parts.js';
import type { TileWatch } from './tile-watch.js';
import type { ActiveAlphabet } from './active-alphabet.js';
import { varintLength } from '../varint.js';

/** State shared by all tiles of an image. */
export interface TileCoding {
  readonly models: Models & { readonly gray: Model };
  readonly effort: Effort;
  readonly activeAlphabet: ActiveAlphabet | null;
  /** Null if the image was not computed from luma and chroma, or is not to be coded so. */
  readonly origin: FoundOrigin | null;
  /** Whether gray images may be coded as the JPEG images that they were decoded from. */
  readonly seeksOrigin: boolean;
  readonly pool: Coders;
}

/** Channels that are coded together, and their likelihood. */
export interface CodedPart<Part extends TilePart = TilePart> {
  readonly part: Part;
  readonly likelihood: ImageLikelihood;
}

/**
 * The palette coder needs a tenth of a model's time, a fifth at most, so it runs on every tile. If its result is
 * smaller than this fraction of the estimated size with a model, no model is tried.
 */
const CLEARLY_SMALLER = 0.5;

/** Codes channels with every representation that may be the smallest, and returns the smallest result. */
export async function encodePart(part: ModelPart, coding: TileCoding, watch: TileWatch): Promise<CodedPart<PlainPart>> {
  const plain = await encodeWithoutModel(part, coding, watch);
  return isClearlySmaller(plain, part) ? plain : encodeWithModel(part, plain, coding, watch);
}

/** @param plain the result if coding with the model is not smaller */
export async function encodeWithModel(
  part: ModelPart,
  plain: CodedPart<PlainPart>,
  { effort, pool }: TileCoding,
  watch: TileWatch,
): Promise<CodedPart<PlainPart>> {
  const { payloads, likelihood } = await encodeScales(part, effort, pool, watch);
  const payload = payloads?.at(-1);
  if (!payloads || !payload) return plain;
  const smaller = payloads.slice(0, -1);
  const coded: PlainPart = { representation: 'model', payload, ...(smaller.length > 0 && { smaller }) };
  return partBytes(coded) < partBytes(plain.part) ? { part: coded, likelihood } : plain;
}

/** Returns the size of a part in the file: its payloads, and the length fields of its small images. */
export function partBytes(part: TilePart): number {
  const payloads = payloadsOf(part).reduce((sum, { length }) => sum + length, 0);
  return (part.smaller ?? []).reduce((sum, { length }) => sum + varintLength(length), payloads);
}

/** Codes samples with the palette coder, or stores them raw if that does not compress them. */
export async function encodeWithoutModel(
  all: SamplesToCode,
  { pool }: TileCoding,
  watch: TileWatch,
): Promise<CodedPart<PlainPart>> {
  const { width, height, channels, depth, samples } = all;
  const payload = await pool.runPlain(
    () => ({
      kind: 'encode-palette',
      tile: { width, height, channels, depth, samples: samples.slice() },
      limit: packedLength(samples.length, depth) - 1,
    }),
    { signal: watch.signal },
  );
  if (payload === null) return rawPart(all);
  return { part: { representation: 'palette', payload }, likelihood: likelihoodOfBytes(payload.length, channels) };
}

export function rawPart({ channels, depth, samples }: SamplesToCode): CodedPart<PlainPart> {
  const payload = packSamples(samples, depth);
  return { part: { representation: 'raw', payload }, likelihood: likelihoodOfBytes(payload.length, channels) };
}

export function isClearlySmaller({ part: { representation, payload } }: CodedPart, all: SamplesToCode): boolean {
  return representation === 'palette' && 8 * payload.length < CLEARLY_SMALLER * estimateModelBits(all);
}
