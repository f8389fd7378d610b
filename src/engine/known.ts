import { subsample, subsampledSize } from '../subsample.js';
import type { ModelSpec } from '../model/architectures.js';
import { type Samples, sameSamples } from '../samples.js';
import { type SideInformation, type TileShape, checkSamples } from './tile.js';

/** The small image of a tile, as the engine needs it. */
export interface Small {
  readonly samples: Uint8Array;
  readonly factor: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Returns the small image that conditions the model, or null if the model has no condition. Throws a RangeError if the
 * small image is missing, unexpected or of the wrong size.
 */
export function smallOf(spec: ModelSpec, tile: TileShape, { small }: SideInformation): Small | null {
  const factor = 'condition' in spec ? spec.condition?.factor : undefined;
  if (factor === undefined) {
    if (small) throw new RangeError('the model has no condition. Leave out `small`.');
    return null;
  }
  if (!small) throw new RangeError('the model needs the smaller image. Pass it as `small`.');
  const { width, height } = subsampledSize(tile, factor);
  if (!(small instanceof Uint8Array) || small.length !== width * height * spec.channels) {
    throw new RangeError(`the smaller image must have ${width} x ${height} pixels of 8 bits.`);
  }
  return { samples: small, factor, width, height };
}

/** Returns `known` extended by the pixels of the small image. */
export function knownWith({ factor }: Small, { width, height }: TileShape, known: Uint8Array | undefined): Uint8Array {
  const all = known ? known.slice() : new Uint8Array(width * height);
  for (let y = 0; y < height; y += factor) for (let x = 0; x < width; x += factor) all[y * width + x] = 1;
  return all;
}

/** Throws a RangeError if a tile disagrees with its small image. */
export function checkSmall(small: Small, samples: Samples, width: number, channels: number): void {
  const own = subsample(samples, { width, height: samples.length / (width * channels) }, channels, small.factor);
  if (!sameSamples(own, small.samples)) {
    throw new RangeError('the tile disagrees with its smaller image.');
  }
}

/**
 * Returns samples of a tile with the known ones filled in, from the given samples and the small image. Throws a
 * RangeError if samples are known but none are given.
 */
export function knownSamples(
  { known, knowsFirst, samples: given }: SideInformation & { readonly samples?: Samples | undefined },
  small: Small | null,
  length: number,
  { width, depth }: TileShape,
  channels: number,
): Samples {
  if ((known || knowsFirst) && !given) throw new RangeError('samples are marked as known, but they are missing');
  if (given) checkSamples(given, length, depth);
  if (!small) return given as Samples;
  const samples = given ? given.slice() : new Uint8Array(length);
  placeSmall(small, samples, width, channels);
  return samples;
}

/** Copies the samples of the known pixels. */
export function copyKnown(from: Samples, known: Uint8Array, channels: number, to: Samples): void {
  known.forEach((isKnown, i) => {
    if (isKnown) to.set(from.subarray(i * channels, (i + 1) * channels), i * channels);
  });
}

/** Writes the pixels of a small image into their positions in the tile. */
function placeSmall(
  { factor, samples: small, width: smallWidth, height: smallHeight }: Small,
  samples: Samples,
  width: number,
  channels: number,
): void {
  for (let y = 0, from = 0; y < smallHeight; y++) {
    for (let x = 0; x < smallWidth; x++, from += channels) {
      samples.set(small.subarray(from, from + channels), (y * factor * width + x * factor) * channels);
    }
  }
}
