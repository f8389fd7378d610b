/** The predictors of a model, in the order of their letters: sets A to E of `least-squares`, F to H of `similar-fits`. */
import { gain, largest } from '../../history';
import {
  chooseFits,
  configureLeastSquares,
  fits,
  observeLeastSquares,
  predictLeastSquares,
  startChannelLeastSquares,
  startLeastSquares,
  startPixelLeastSquares,
} from './least-squares';
import {
  chooseSimilarFits,
  configureSimilarFits,
  observeSimilarFits,
  predictSimilar,
  similarFits,
  startPixelSimilarFits,
  startSimilarFits,
} from './similar-fits';

export const MAX_SETS: i32 = 8;
/** Maximum distance of a prediction from the range of the samples, on the 8-bit scale. */
const BEYOND: f32 = 20;

/** Number of predictors in use. */
export let sets: i32 = 0;
/** Predictions of the current pixel, f32[sets * channels], sets slowest. */
const predictions: usize = memory.data(MAX_SETS * 3 * 4, 16);
let channels: i32 = 0;
/** Bounds of the predictions. */
let lower: f32 = -20;
let upper: f32 = 275;

/** Selects the predictors whose bit is set in `mask`, bit 0 for A; at least one of A to E. */
export function chooseSets(mask: i32): void {
  chooseFits(mask & 31);
  chooseSimilarFits(mask >> 5);
  sets = fits + similarFits;
}

export function configurePredictors(channelCount: i32): void {
  channels = channelCount;
  configureLeastSquares(channels);
  configureSimilarFits(channels);
}

export function startPredictors(width: i32): void {
  lower = -BEYOND * gain;
  upper = largest + BEYOND * gain;
  startLeastSquares(width);
  startSimilarFits();
}

/** Moves to pixel (x, y), the history's current pixel, before its channels. */
export function startPixelPredictors(x: i32, y: i32): void {
  startPixelLeastSquares(x, y);
  startPixelSimilarFits(x, y);
}

/** Computes the predictions of channel c, after the channels before it are known. */
export function predictChannel(c: i32): void {
  startChannelLeastSquares(c);
  for (let s = 0; s < fits; s++) put(s, c, predictLeastSquares(s, c));
  for (let s = 0; s < similarFits; s++) put(fits + s, c, predictSimilar(s, c));
}

/** Observes the value of channel c. */
export function observePredictors(c: i32, value: f32): void {
  observeLeastSquares(c, value);
  observeSimilarFits(c, value);
}

/** Returns the address of the prediction of set s for channel c, f32; sets slowest. */
export function predictionAt(s: i32, c: i32): usize {
  return predictions + ((<usize>(s * channels + c)) << 2);
}

/** Stores a prediction within the bounds. A NaN, which has not occurred on any image, becomes the lower bound. */
function put(s: i32, c: i32, value: f32): void {
  store<f32>(predictionAt(s, c), value > lower ? (value < upper ? value : upper) : lower);
}
