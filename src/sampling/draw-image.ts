import { scalesOf } from '../codec/scales.js';
import { subsample, subsampledSize, type Size } from '../subsample.js';
import { tileCount } from '../codec/tile-grid.js';
import { MAX_TILE_PIXELS } from '../engine/tile-limits.js';
import { copyKnown } from '../engine/known.js';
import type { Coders, JobOptions } from '../engine/pool.js';
import { PixrnnError } from '../errors.js';
import type { Model } from '../model/model.js';
import { allocateSamples, type Depth, packedLength, type Samples } from '../samples.js';
import { RandomBytes } from './random-bytes.js';

/*
 * An arithmetic decoder fed with random bits decodes each value with the probability that the model assigns to it. Decoding random
 * bytes therefore samples from the model; with some pixels known, it completes an image.
 */

/** Known pixels of an image to complete. */
export interface GivenPixels {
  /** 1 = known, [height][width]. */
  readonly known: Uint8Array;
  /** [height][width][channels]; samples of unknown pixels are ignored. */
  readonly samples: Samples;
}

/** An image to draw. */
export interface Drawing extends Size {
  readonly model: Model;
  readonly depth: Depth;
  /** Random seed: integers >= 0. */
  readonly seed: readonly number[];
  /** Sampling temperature: 1 is the model's distribution; lower values sharpen it. */
  readonly temperature: number;
  readonly given?: GivenPixels | undefined;
}

/** Throws `limit` if the image is larger than one tile. */
export function requireDrawable({ width, height }: Size): void {
  if (tileCount(width, height) === 1) return;
  const what = `${width} x ${height} is larger than a model can draw`;
  throw new PixrnnError('limit', `${what} (at most 1024 pixels wide and 2^20 pixels in total). Use a smaller size.`);
}

/**
 * Draws an image from a model, without the mixer, and returns its samples, [height][width][channels]. Multi-scale models draw scale by
 * scale; only the last scale reports rows and samples.
 */
export async function drawImage(
  drawing: Drawing,
  pool: Coders,
  { onRows, onSamples, signal }: JobOptions,
): Promise<Samples> {
  requireDrawable(drawing);
  const { model, depth, seed, temperature } = drawing;
  const { channels } = model.spec;
  let drawn: Samples | undefined;
  for (const [i, { model: network, factor }] of scalesOf(model).entries()) {
    const size = subsampledSize(drawing, factor);
    const small = drawn;
    drawn = await pool.run(
      network,
      () => ({
        ...{ kind: 'decode', effort: 1, ...size, depth, temperature },
        payload: randomPayload(RandomBytes.of(...seed, i), size, channels, depth),
        small,
        ...(drawing.given && givenAt(drawing.given, drawing, channels, factor)),
        wantsSamples: factor === 1 && onSamples !== undefined,
      }),
      { ...(factor === 1 && { onRows, onSamples }), signal },
    );
  }
  if (!drawn) throw new Error('a model has at least one scale');
  return drawn;
}

/** Returns more random bytes than decoding needs: on average, a sample needs no more bits than its depth, whatever the model. */
function randomPayload(random: RandomBytes, { width, height }: Size, channels: number, depth: Depth): Uint8Array {
  // The engine's maximum payload.
  const maxBytes = packedLength(MAX_TILE_PIXELS * channels, depth > 8 ? 16 : 8);
  const payload = random.take(Math.min(maxBytes, 64 + 2 * packedLength(width * height * channels, depth)));
  // Above 8 bits, the first byte is a magnification, not code (docs/format/photo.md).
  if (depth > 8) payload[0] = 0;
  return payload;
}

/** Returns the known pixels of a scale, in addition to the smaller scale: every factor-th of the given pixels. */
function givenAt({ known, samples }: GivenPixels, size: Size, channels: number, factor: number): GivenPixels {
  return {
    known: subsample(known, size, 1, factor),
    samples: subsample(samples, size, channels, factor),
  };
}

/** Returns a copy of the samples with zeros for unknown pixels. */
export function onlyKnown({ known, samples }: GivenPixels, channels: number, depth: Depth): Samples {
  const kept = allocateSamples(samples.length, depth);
  copyKnown(samples, known, channels, kept);
  return kept;
}
