import type { Phase } from '../origin/chroma-grid.js';
import type { FoundOrigin } from '../origin/find-origin.js';
import type { FoundPlanes, RgbImage } from '../origin/find-planes.js';
import { ORIGINS } from '../origin/origins.js';
import { runConcurrently } from '../semaphore.js';
import type { Size } from '../subsample.js';
import type { PlainPart } from './container-layout.js';
import { encodeChroma, encodePlane, type Plane } from './encode-chroma.js';
import { type CodedPart, encodeWithoutModel, partBytes, type TileCoding } from './encode-part.js';
import { estimateModelBits } from './estimate.js';
import { encodePlanesPayload, planeSizes } from './planes-payload.js';
import type { Tile } from './tile-grid.js';
import type { ModelPart, SamplesToCode } from './tile-parts.js';
import { type TileWatch, withoutRows } from './tile-watch.js';

/** Luma and chroma are coded if their estimated size is below this share of that of R, G and B. */
const WORTHWHILE = 0.97;

/**
 * Codes the luma and chroma from which R, G and B were computed. Returns null if the image has no such origin, or if
 * they are not smaller.
 * @param plain the part coded without a model
 */
export async function encodePlanes(
  part: ModelPart,
  tile: Tile,
  plain: CodedPart,
  coding: TileCoding,
  watch: TileWatch,
): Promise<CodedPart | null> {
  const { origin: found } = coding;
  const { samples } = part;
  if (found === null || part.channels !== 3 || !(samples instanceof Uint8Array)) return null;
  const origin = originAt(found, tile);
  const { width, height } = part;
  const job = () => {
    const own: RgbImage = { width, height, samples: samples.slice() };
    return { kind: 'find-planes', tile: own, origin: ORIGINS.indexOf(origin.origin), phase: origin.phase } as const;
  };
  const image = await coding.pool.runPlain(job, { signal: watch.signal });
  const planes = planesToCode(image, origin, part);
  const exceptions =
    image.exceptions && (await encodeWithoutModel({ ...part, samples: image.exceptions }, coding, watch));
  if (!isWorthwhile(planes, exceptions, part)) return null;

  const [luma, ...chroma] = planes;
  const coded = await runConcurrently(
    [
      async (signal: AbortSignal) => [await encodePlane(luma, coding, { ...watch, signal })] as const,
      (signal: AbortSignal) => encodeChroma({ luma, chroma, origin }, coding, { ...withoutRows(watch), signal }),
    ],
    Infinity,
    watch.signal,
  );
  const [ofLuma, ...ofChroma] = coded.flat();
  const payload = encodePlanesPayload({
    ...origin,
    luma: ofLuma!.part,
    chroma: ofChroma.map(({ part: plane }) => plane) as [PlainPart] | [PlainPart, PlainPart],
    exceptions: exceptions && exceptions.part,
  });
  const likelihood = likelihoodOf([...coded.flat(), ...(exceptions ? [exceptions] : [])]);
  const result = { part: { representation: 'planes', payload } as const, likelihood };
  return partBytes(result.part) < partBytes(plain.part) ? result : null;
}

/** Returns the origin of a tile: its first pixel may be another one of its cell than that of the image. */
export function originAt({ origin, phase }: FoundOrigin, { x, y }: Tile): FoundOrigin {
  const { horizontal, vertical } = origin.subsampling;
  const shifted = { x: (phase.x + x) % horizontal.step, y: (phase.y + y) % vertical.step };
  return { origin, phase: shifted as Phase };
}

function planesToCode(
  { planes: { luma, chroma } }: FoundPlanes,
  origin: FoundOrigin,
  size: Size,
): readonly [Plane, Plane, Plane] {
  const [ofLuma, ofChroma] = planeSizes(origin, size);
  const format = { channels: 1, depth: 8 } as const;
  return [
    { ...ofLuma, ...format, samples: luma },
    { ...ofChroma, ...format, samples: chroma[0] },
    { ...ofChroma, ...format, samples: chroma[1] },
  ];
}

function isWorthwhile(planes: readonly SamplesToCode[], exceptions: CodedPart | null, part: ModelPart): boolean {
  const bits = planes.reduce((sum, plane) => sum + estimateModelBits(plane), 0);
  return bits + (exceptions ? 8 * partBytes(exceptions.part) : 0) < WORTHWHILE * estimateModelBits(part);
}

/** No bit belongs to one of R, G and B. */
function likelihoodOf(parts: readonly CodedPart[]): CodedPart['likelihood'] {
  const bits = parts.reduce(
    (sum, { likelihood }) => likelihood.codeLengthBits.reduce((a, b) => a + b, sum) + likelihood.otherBits,
    0,
  );
  return { codeLengthBits: [], modelCodeLengthBits: [], otherBits: bits };
}
