import { medianPrediction } from '../median-predictor.js';
import type { Samples } from '../samples.js';

/** Largest gain: 2^8 takes a sample of 16 bits to whole numbers. */
export const MAX_GAIN_BITS = 8;

/** What a typical error of a simple prediction is brought to, on the scale of 8 bits: that of the photographs that models know. */
const TYPICAL_ERROR = 3;

/**
 * By how many bits samples of more than 8 bits should be magnified for the model: medical images, renderings and the like vary
 * less from pixel to pixel than photographs do, and a model that has learned from these can tell small errors from none only
 * where they are magnified. Any number is right; this one makes small files.
 * @param samples [height][width][channels]
 * @param depth bits of a sample
 * @param known pixels that do not count, 1 = known
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
  // Slopes are planes, noise and edges are better served by the median: whichever the image has more of.
  const error = count > 0 ? 2 ** (Math.min(planeSum, medianSum) / count - depth + 8) : TYPICAL_ERROR;
  return Math.max(0, Math.min(MAX_GAIN_BITS, depth - 8, Math.round(Math.log2(TYPICAL_ERROR / error))));
}
