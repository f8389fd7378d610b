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
 * An arithmetic decoder that is given random bits decodes each value as often as its model says. So images are drawn from a model by
 * decoding random bytes, and completed by decoding random bytes where some pixels are known.
 */

/** Pixels that are known beforehand. */
export interface GivenPixels {
  /** 1 = known, [height][width]. */
  readonly known: Uint8Array;
  /** [height][width][channels]; those of pixels that are not known do not count. */
  readonly samples: Samples;
}

/** What is to be drawn. */
export interface Drawing extends Size {
  readonly model: Model;
  readonly depth: Depth;
  /** Whole numbers from 0 on that say which of all possible images. */
  readonly seed: readonly number[];
  /** 1 is the model's own distribution; below, what is likely gets likelier. */
  readonly temperature: number;
  readonly given?: GivenPixels | undefined;
}

/** Throws `limit` where an image is larger than what the engine codes at once. */
export function requireDrawable({ width, height }: Size): void {
  if (tileCount(width, height) === 1) return;
  const what = `an image of ${width} x ${height} is larger than a model can draw`;
  throw new PixrnnError('limit', `${what}: 1024 pixels wide and 2^20 in all. Take a smaller one.`);
}

/**
 * The samples of an image that a model has drawn, [height][width][channels]: by the model alone, scale by scale where it has several.
 * Of several scales only the last reports rows.
 */
export async function drawImage(drawing: Drawing, pool: Coders, { onRows, signal }: JobOptions): Promise<Samples> {
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
      }),
      { onRows: factor === 1 ? onRows : undefined, signal },
    );
  }
  if (!drawn) throw new Error('a model has a scale');
  return drawn;
}

/** More than the samples take: on average they take no more bits than they have, whatever the model. */
function randomPayload(random: RandomBytes, { width, height }: Size, channels: number, depth: Depth): Uint8Array {
  // As much as the engine takes.
  const most = packedLength(MAX_TILE_PIXELS * channels, depth > 8 ? 16 : 8);
  const payload = random.take(Math.min(most, 64 + 2 * packedLength(width * height * channels, depth)));
  // Above 8 bits the first byte is no code but a magnification (docs/format/photo.md).
  if (depth > 8) payload[0] = 0;
  return payload;
}

/** What is known of a scale's image beside the small one before it: every factor-th of the given pixels. */
function givenAt({ known, samples }: GivenPixels, size: Size, channels: number, factor: number): GivenPixels {
  return {
    known: subsample(known, size, 1, factor),
    samples: subsample(samples, size, channels, factor),
  };
}

/** The same pixels with nothing in place of those that are not known. */
export function onlyKnown({ known, samples }: GivenPixels, channels: number, depth: Depth): Samples {
  const kept = allocateSamples(samples.length, depth);
  copyKnown(samples, known, channels, kept);
  return kept;
}
