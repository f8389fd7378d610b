import { measureScales, encodeScales } from './code-scales.js';
import { joinChroma } from './chroma-samples.js';
import type { PlainPart } from './container-layout.js';
import { type CodedPart, encodePart, encodeWithModel, rawPart, type TileCoding } from './encode-part.js';
import { estimateModelBits } from './estimate.js';
import type { FoundOrigin } from '../origin/find-origin.js';
import { lumaOfCells } from '../origin/luma-of-cells.js';
import { runConcurrently } from '../semaphore.js';
import type { ModelPart, SamplesToCode } from './tile-parts.js';
import type { TileWatch } from './tile-watch.js';

/** Planes with fewer estimated bits per sample are also tried without a model. */
const FLAT = 0.5;
/** The share of the rows on which two ways to code chroma are compared. */
const COMPARED = 1 / 4;

/** Luma or chroma of a tile. */
export interface Plane extends SamplesToCode {
  readonly channels: 1;
  readonly samples: Uint8Array;
}

export interface PlanesToCode {
  readonly luma: Plane;
  readonly chroma: readonly [Plane, Plane];
  readonly origin: FoundOrigin;
}

/** The palette coder is slow on planes of photographs, and never smaller there. */
export function encodePlane(plane: Plane, coding: TileCoding, watch: TileWatch): Promise<CodedPart<PlainPart>> {
  const part = grayPart(plane, coding);
  return isFlat(plane) ? encodePart(part, coding, watch) : encodeWithModel(part, rawPart(plane), coding, watch);
}

/**
 * Codes the chroma planes together, given luma, or each by itself, whichever is smaller on a part of the rows. Planes
 * that the palette coder may compress better are coded by themselves.
 */
export async function encodeChroma(
  planes: PlanesToCode,
  coding: TileCoding,
  watch: TileWatch,
): Promise<readonly CodedPart<PlainPart>[]> {
  const part = planes.chroma.some(isFlat) ? null : jointPart(planes, coding);
  if (part && (await isSmaller([part], separateParts(planes, coding), coding, watch))) {
    const { payloads, likelihood } = await encodeScales(part, coding.effort, coding.pool, watch);
    const payload = payloads?.[0];
    if (payload && payload.length <= (2 / 3) * part.samples.length) {
      return [{ part: { representation: 'model', payload }, likelihood }];
    }
  }
  return runConcurrently(
    planes.chroma.map((plane) => (signal: AbortSignal) => encodePlane(plane, coding, { ...watch, signal })),
    Infinity,
    watch.signal,
  );
}

function separateParts({ chroma }: PlanesToCode, coding: TileCoding): ModelPart[] {
  return chroma.map((plane) => grayPart(plane, coding));
}

function grayPart(plane: Plane, { models }: TileCoding): ModelPart {
  return { ...plane, model: models.gray, sideInformation: {} };
}

/** Returns both chroma planes as a part given luma; null without a model of three channels. */
function jointPart({ luma, chroma: [first, second], origin }: PlanesToCode, { models }: TileCoding): ModelPart | null {
  if (!models.rgb) return null;
  const cells = lumaOfCells(luma.samples, luma, origin.origin.subsampling, origin.phase);
  const samples = joinChroma([first.samples, second.samples], cells);
  return { ...first, channels: 3, samples, model: models.rgb, sideInformation: { knowsFirst: true } };
}

/** Returns whether parts need fewer bits than others, by their rows in the middle. */
async function isSmaller(
  parts: readonly ModelPart[],
  others: readonly ModelPart[],
  { effort, pool }: TileCoding,
  { signal }: TileWatch,
): Promise<boolean> {
  const tasks = [...parts, ...others].map((part) => async (stop: AbortSignal) => {
    const { codeLengthBits } = await measureScales(middleOf(part), effort, pool, {
      wantsPixelBits: false,
      signal: stop,
    });
    return codeLengthBits.reduce((sum, bits) => sum + bits, 0);
  });
  const bits = await runConcurrently(tasks, Infinity, signal);
  const total = (some: readonly number[]): number => some.reduce((sum, each) => sum + each, 0);
  return total(bits.slice(0, parts.length)) < total(bits.slice(parts.length));
}

function middleOf(part: ModelPart): ModelPart {
  const { width, height, channels, samples } = part;
  const rows = Math.ceil(COMPARED * height);
  const first = (height - rows) >> 1;
  const row = width * channels;
  return { ...part, height: rows, samples: samples.slice(first * row, (first + rows) * row) };
}

function isFlat(plane: Plane): boolean {
  return estimateModelBits(plane) < FLAT * plane.samples.length;
}
