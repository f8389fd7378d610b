import type { TileSamples } from '../engine/engine.js';
import { medianPrediction } from '../median-predictor.js';
import type { Channels } from '../samples.js';

/** Magnitudes as classes: 0, 1, 2-3, 4-7, ...; the last one holds 2^16. */
const CLASSES = 18;

/**
 * Roughly what a model takes for a tile, in bits: the median predictor of JPEG-LS, each channel's error less the first one's,
 * the classes of their magnitudes coded at their entropy in the context of the neighbourhood's activity, signs and what the
 * classes leave open as they are. A hundredth of a model's time.
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

/** Bits of all classes, each context's at the entropy of its counts. */
function entropyBits(counts: Float64Array): number {
  let bits = 0;
  for (let context = 0; context < CLASSES; context++) {
    const classes = counts.subarray(CLASSES * context, CLASSES * (context + 1));
    const total = classes.reduce((sum, count) => sum + count, 0);
    for (const count of classes) if (count > 0) bits += count * Math.log2(total / count);
  }
  return bits;
}
