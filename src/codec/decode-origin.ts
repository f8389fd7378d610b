import { lumaOfCells } from '../origin/luma-of-cells.js';
import { samplesOfLuma, samplesOfPlanes, sumOf } from '../origin/planes.js';
import { runConcurrently } from '../semaphore.js';
import type { Size } from '../subsample.js';
import { splitChroma, withoutChroma } from './chroma-samples.js';
import type { PlainPart } from './container-layout.js';
import { decodeBlocks } from './decode-blocks.js';
import { decodePart, type TileDecoding } from './decode-part.js';
import type { OriginPart } from './origin-payload.js';
import { planeSizes, type PlanesPart } from './planes-payload.js';
import { type TileWatch, withoutRows } from './tile-watch.js';

/** Returns the samples that follow from luma and chroma or from coefficients, with the exceptions. */
export async function decodeOrigin(
  part: OriginPart,
  size: Size,
  decoding: TileDecoding,
  watch: TileWatch,
): Promise<Uint8Array> {
  const { exceptions } = part;
  const samples = await ('luma' in part
    ? decodePlanes(part, size, decoding, watch)
    : decodeBlocks(part, size, decoding.pool, watch));
  if (exceptions === null) return samples;
  const channels = part.origin === null ? 1 : 3;
  const difference = await decodePart(exceptions, size, channels, {}, decoding, withoutRows(watch));
  return sumOf(samples, Uint8Array.from(difference));
}

async function decodePlanes(
  part: PlanesPart,
  size: Size,
  decoding: TileDecoding,
  watch: TileWatch,
): Promise<Uint8Array> {
  const { onSamples } = watch;
  const watchLuma: TileWatch = {
    ...watch,
    onSamples: onSamples && ((row, rows) => onSamples(row, samplesOfLuma(rows, part.origin.rule))),
  };
  const luma = Uint8Array.from(await decodePart(part.luma, size, 1, {}, decoding, watchLuma));
  const chroma = await decodeChroma(part, luma, size, decoding, withoutRows(watch));
  return samplesOfPlanes({ ...part, planes: { luma, chroma } }, size.width, size.height);
}

async function decodeChroma(
  { chroma: parts, origin, phase }: PlanesPart,
  luma: Uint8Array,
  size: Size,
  decoding: TileDecoding,
  watch: TileWatch,
): Promise<readonly [Uint8Array, Uint8Array]> {
  const [, cells] = planeSizes({ origin, phase }, size);
  const [first, second] = parts;
  if (!second) {
    const samples = withoutChroma(lumaOfCells(luma, size, origin.subsampling, phase));
    return splitChroma(await decodePart(first, cells, 3, { knowsFirst: true, samples }, decoding, watch));
  }
  const tasks = [first, second].map(
    (plane: PlainPart) => (signal: AbortSignal) => decodePart(plane, cells, 1, {}, decoding, { ...watch, signal }),
  );
  const planes = await runConcurrently(tasks, Infinity, watch.signal);
  return [Uint8Array.from(planes[0]!), Uint8Array.from(planes[1]!)];
}
