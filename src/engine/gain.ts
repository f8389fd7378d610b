import { medianPrediction } from '../median-predictor.js';
import type { Samples } from '../samples.js';

/** Largest gain: 2^8 scales a 16-bit sample to integers. */
export const MAX_GAIN_BITS = 8;

/**
 * Target size of a typical prediction error on the 8-bit scale: that of the photographs that models were trained on.
 */
const TYPICAL_ERROR = 3;

/**
 * Returns log2 of the factor by which samples of more than 8 bits are scaled for the model. Medical images, renderings
 * and the like vary less from pixel to pixel than photographs do; a model trained on photographs can tell their small
 * errors from none only if they are scaled up. Any gain is lossless; this one makes small files.
 * @param samples [height][width][channels]
 * @param depth bits of a sample
 * @param known mask of pixels to ignore, 1 = known
 */
export function gainBits(
  samples: Samples,
  width: number,
  channels: number,
  depth: number,
  known: Uint8Array | undefined,
): number {
  if (depth <= 8) return 0;
  const row = width * channels;
  let [count, planeSum, medianSum] = [0, 0, 0];
  for (let i = row; i < samples.length; i++) {
    if (i % row < channels || known?.[Math.floor(i / channels)]) continue;
    const [w, n, nw] = [samples[i - channels], samples[i - row], samples[i - row - channels]] as [
      number,
      number,
      number,
    ];
    const value = samples[i] as number;
    planeSum += Math.log2(1 + Math.abs(value - (w + n - nw)));
    medianSum += Math.log2(1 + Math.abs(value - medianPrediction(w, n, nw)));
    count++;
  }
  // The plane predictor suits slopes, the median suits noise and edges: use the better one for this image.
  const error = count > 0 ? 2 ** (Math.min(planeSum, medianSum) / count - depth + 8) : TYPICAL_ERROR;
  return Math.max(0, Math.min(MAX_GAIN_BITS, depth - 8, Math.round(Math.log2(TYPICAL_ERROR / error))));
}
