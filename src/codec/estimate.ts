import type { TileSamples } from '../engine/engine.js';
import { medianPrediction } from '../median-predictor.js';
import type { Channels } from '../samples.js';

/** Number of magnitude classes: 0, 1, 2-3, 4-7, ...; the last one contains 2^16. */
const CLASSES = 18;

/**
 * Estimates the size of a tile coded with a model, in bits. Predicts with the median predictor of JPEG-LS, subtracts
 * the first channel's error from the others', and sums the entropy of the magnitude classes in the context of local
 * activity; signs and the remaining bits of a magnitude count in full. Needs a hundredth of a model's time.
 */
export function estimateModelBits({ width, height, channels, samples }: TileSamples<Channels>): number {
  const counts = new Float64Array(CLASSES * CLASSES);
  const rowSamples = width * channels;
  let openBits = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let first = 0;
      for (let c = 0; c < channels; c++) {
        const at = y * rowSamples + x * channels + c;
        const above = y > 0 ? (samples[at - rowSamples] as number) : null;
        const left = x > 0 ? (samples[at - channels] as number) : (above ?? 0);
        const top = above ?? left;
        const corner = x > 0 && y > 0 ? (samples[at - rowSamples - channels] as number) : top;
        const right = x + 1 < width && y > 0 ? (samples[at - rowSamples + channels] as number) : top;
        const error = (samples[at] as number) - medianPrediction(left, top, corner);
        const activity = Math.max(Math.abs(left - corner), Math.abs(top - corner), Math.abs(top - right));
        const magnitude = classOf(c === 0 ? error : error - first);
        if (c === 0) first = error;
        openBits += magnitude;
        const cell = CLASSES * classOf(activity) + magnitude;
        counts[cell] = (counts[cell] as number) + 1;
      }
    }
  }
  return openBits + entropyBits(counts);
}

function classOf(value: number): number {
  return Math.min(CLASSES - 1, 32 - Math.clz32(Math.abs(value)));
}

/** Returns the entropy of all classes in bits, each context with its own distribution. */
function entropyBits(counts: Float64Array): number {
  let bits = 0;
  for (let context = 0; context < CLASSES; context++) {
    const classes = counts.subarray(CLASSES * context, CLASSES * (context + 1));
    const total = classes.reduce((sum, count) => sum + count, 0);
    for (const count of classes) if (count > 0) bits += count * Math.log2(total / count);
  }
  return bits;
}
