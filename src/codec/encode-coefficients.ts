import { jpegEffort } from '../effort.js';
import { blocksOf, type JpegImage } from '../jpeg/coefficients.js';
import type { DecodedImage } from '../origin/dct/find-blocks.js';
import type { FoundCoefficients } from '../origin/dct/find-coefficients.js';
import type { FoundOrigin } from '../origin/find-origin.js';
import { jfif } from '../origin/jfif.js';
import { ORIGINS } from '../origin/origins.js';
import { encodeCoefficientsPayload } from './coefficients-payload.js';
import { coefficientsFault } from './coefficients-rules.js';
import { type CodedPart, encodeWithoutModel, partBytes, type TileCoding } from './encode-part.js';
import type { ModelPart } from './tile-parts.js';
import { type TileWatch, withoutRows } from './tile-watch.js';

/** A part coded as JPEG coefficients. */
export interface CodedCoefficients {
  readonly coded: CodedPart;
  /** Whether so few pixels are exceptions that no other way of coding is smaller. */
  readonly isCertain: boolean;
}

/** Shares of pixels that are exceptions: up to the first nothing else is tried, from the second on coefficients are not. */
const FEW_EXCEPTIONS = 0.06;
const MANY_EXCEPTIONS = 0.5;
/** Mean step of luma below which luma as samples may be as small. */
const COARSE = 2;

/**
 * Codes R, G and B or gray as the coefficients of the JPEG image from which they were decoded. Returns null if they show
 * no such image, or if the coefficients are not smaller than `plain`.
 * @param origin that of the tile; null for gray
 * @param plain the part coded without a model
 */
export async function encodeCoefficients(
  part: ModelPart,
  origin: FoundOrigin | null,
  plain: CodedPart,
  coding: TileCoding,
  watch: TileWatch,
): Promise<CodedCoefficients | null> {
  const { width, height, channels, depth, samples } = part;
  if (!(samples instanceof Uint8Array) || (channels === 3 && origin?.origin.rule !== jfif)) return null;
  const found = await coding.pool.runPlain(
    () => {
      const tile: DecodedImage = { width, height, samples: samples.slice() };
      const number = origin && ORIGINS.indexOf(origin.origin);
      return { kind: 'find-coefficients', tile, origin: number, phase: origin?.phase ?? { x: 0, y: 0 } } as const;
    },
    { signal: watch.signal },
  );
  if (found === null) return null;
  const share = exceptionShare(found, channels);
  const description = {
    origin: origin && origin.origin,
    place: found.place,
    steps: found.image.components.map(({ quantisation }) => quantisation),
  };
  if (share > MANY_EXCEPTIONS || coefficientsFault(description, channels, part, depth) !== null) return null;
  const exceptions =
    found.exceptions && (await encodeWithoutModel({ ...part, samples: found.exceptions }, coding, withoutRows(watch)));
  const coefficients = await encodeBlocks(found.image, height, partBytes(plain.part), coding, watch);
  if (coefficients === null) return null;
  const payload = encodeCoefficientsPayload({
    ...description,
    ...{ effort: jpegEffort(coding.effort), coefficients, exceptions: exceptions && exceptions.part },
  });
  const likelihood = { codeLengthBits: [], modelCodeLengthBits: [], otherBits: 8 * payload.length };
  const coded = { part: { representation: 'planes', payload } as const, likelihood };
  return partBytes(coded.part) < partBytes(plain.part)
    ? { coded, isCertain: share < FEW_EXCEPTIONS && meanOf(description.steps[0]!) >= COARSE }
    : null;
}

function meanOf(steps: Uint16Array): number {
  return steps.reduce((sum, step) => sum + step, 0) / steps.length;
}

/** Returns the share of pixels with an exception. */
function exceptionShare({ exceptions }: FoundCoefficients, channels: number): number {
  if (exceptions === null) return 0;
  let count = 0;
  for (let at = 0; at < exceptions.length; at += channels) {
    for (let c = 0; c < channels; c++) {
      if (exceptions[at + c] === 0) continue;
      count++;
      break;
    }
  }
  return (channels * count) / exceptions.length;
}

async function encodeBlocks(
  image: JpegImage,
  height: number,
  limit: number,
  { pool, effort }: TileCoding,
  { onRows, signal }: TileWatch,
): Promise<Uint8Array | null> {
  const blocks = blocksOf(image);
  const encoded = await pool.runPlain(() => ({ kind: 'encode-jpeg', image, effort: jpegEffort(effort), limit }), {
    signal,
    onRows: (done) => onRows(Math.floor((height * done) / blocks)),
  });
  return encoded && encoded.payload;
}
