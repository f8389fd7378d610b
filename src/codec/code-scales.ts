import type { EncodedTile, MeasuredTile, SideInformation, TileSamples, TileShape } from '../engine/engine.js';
import type { Effort } from '../effort.js';
import type { Coders, JobOptions } from '../engine/pool.js';
import type { Model } from '../model/model.js';
import { packedLength, type Samples } from '../samples.js';
import { runConcurrently } from '../semaphore.js';
import { addLikelihoods, type ImageLikelihood } from './likelihood.js';
import { scalesOf } from './scales.js';
import { subsample, subsampledSize } from '../subsample.js';
import type { ModelPart } from './tile-parts.js';

/*
 * Codes a part of a tile with a model of one or more scales. Each scale is a separate job; only the last one reports
 * rows.
 */

export interface CodedScales {
  /** Ordered from the smallest image; null if a payload would be longer than its samples. */
  readonly payloads: readonly Uint8Array[] | null;
  readonly likelihood: ImageLikelihood;
}

/** Codes a part. Its scales run concurrently, since the encoder has all samples. */
export async function encodeScales(
  part: ModelPart,
  effort: Effort,
  pool: Coders,
  watch: JobOptions,
): Promise<CodedScales> {
  const coded = await runConcurrently(
    scaleTasks(part, watch, (model, jobOf, options) =>
      pool.run(model, () => ({ kind: 'encode', effort, ...jobOf() }), options),
    ),
    Infinity,
    watch.signal,
  );
  const payloads = scalesOf(part.model).flatMap(({ factor }, i) => acceptedPayload(coded[i], part, factor));
  return { payloads: payloads.length === coded.length ? payloads : null, likelihood: sumOf(coded, part) };
}

/** Returns the likelihood of a part, summed over its scales, and the bits of each pixel if requested. */
export async function measureScales(
  part: ModelPart,
  effort: Effort,
  pool: Coders,
  { wantsPixelBits, ...watch }: JobOptions & { readonly wantsPixelBits: boolean },
): Promise<ImageLikelihood & { readonly pixelBits?: Float32Array }> {
  const measured = await runConcurrently(
    scaleTasks(part, watch, (model, jobOf, options) =>
      pool.run(model, () => ({ kind: 'measure', effort, wantsPixelBits, ...jobOf() }), options),
    ),
    Infinity,
    watch.signal,
  );
  const likelihood = sumOf(measured, part);
  return wantsPixelBits ? { ...likelihood, pixelBits: pixelBitsOf(measured, part) } : likelihood;
}

/**
 * Returns the bits of a part's pixels, [height][width]. A pixel is coded at the first scale that contains it and costs
 * nothing at later scales.
 */
function pixelBitsOf(measured: readonly MeasuredTile[], { model, width, height }: ModelPart): Float32Array {
  const bits = new Float32Array(width * height);
  scalesOf(model).forEach(({ factor }, i) => {
    const size = subsampledSize({ width, height }, factor);
    measured[i]?.pixelBits?.forEach((own, at) => {
      const pixel = Math.floor(at / size.width) * factor * width + (at % size.width) * factor;
      bits[pixel] = (bits[pixel] as number) + own;
    });
  });
  return bits;
}

/** The tile that a payload decodes to. */
export interface ScalesToDecode extends TileShape, SideInformation {
  readonly model: Model;
  /** Contains the values of the known samples. */
  readonly samples?: Samples | undefined;
}

/** Decodes the image of the last scale for which there is a payload; `payloads` start with the smallest scale. */
export async function decodeScales(
  payloads: readonly Uint8Array[],
  { model, width, height, ...shared }: ScalesToDecode,
  effort: Effort,
  pool: Coders,
  { onRows, onSamples, signal }: JobOptions,
): Promise<Samples> {
  let decoded: Samples | undefined;
  for (const [i, scale] of scalesOf(model).slice(0, payloads.length).entries()) {
    const payload = payloads[i] as Uint8Array;
    const size = subsampledSize({ width, height }, scale.factor);
    const small = decoded;
    const isLast = i === payloads.length - 1;
    const watch = isLast ? { onRows, onSamples } : {};
    const wantsSamples = watch.onSamples !== undefined;
    decoded = await pool.run(
      scale.model,
      () => ({ kind: 'decode', effort, payload: payload.slice(), ...shared, ...size, small, wantsSamples }),
      { ...watch, signal },
    );
  }
  if (!decoded) throw new Error('there is no payload to decode');
  return decoded;
}

/** The fields of a job that differ between scales. */
export type ScaleJob = SideInformation & { readonly tile: TileSamples };

/** Returns a task for each scale; `jobOf` allocates samples that belong to the job. */
export function scaleTasks<T>(
  { model, sideInformation, ...tile }: ModelPart,
  { onRows }: JobOptions,
  run: (model: Model, jobOf: () => ScaleJob, options: JobOptions) => Promise<T>,
): ((signal: AbortSignal) => Promise<T>)[] {
  const scales = scalesOf(model);
  const image = (factor: number): Samples => subsample(tile.samples, tile, tile.channels, factor);
  return scales.map((scale, i) => (signal) => {
    const smaller = scales[i - 1];
    const jobOf = (): ScaleJob => ({
      ...sideInformation,
      tile: { ...tile, ...subsampledSize(tile, scale.factor), samples: image(scale.factor) },
      small: smaller && image(smaller.factor),
    });
    return run(scale.model, jobOf, { onRows: i === scales.length - 1 ? onRows : undefined, signal });
  });
}

/** Returns the payload of a scale, or nothing if it is longer than the samples. */
function acceptedPayload(coded: EncodedTile | undefined, part: ModelPart, factor: number): Uint8Array[] {
  const { width, height } = subsampledSize(part, factor);
  const max = packedLength(width * height * part.channels, part.depth);
  return coded?.payload && coded.payload.length <= max ? [coded.payload] : [];
}

function sumOf(scales: readonly Omit<ImageLikelihood, 'otherBits'>[], { channels }: ModelPart): ImageLikelihood {
  return addLikelihoods(
    scales.map((likelihood) => ({ ...likelihood, otherBits: 0 })),
    channels,
  );
}
