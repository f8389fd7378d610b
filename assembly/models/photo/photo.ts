/**
 * `photo`: in-context least squares, and a small causal network that predicts a mixture of logistics from them
 * (docs/format/photo.md). Channels are coded in the order G, R, B.
 */
import { setMixture } from '../../distributions/distribution';
import { gain } from '../../history';
import { reserveFloats } from '../../memory';
import {
  CONDITIONS,
  centre,
  configureFeatures,
  gatherExtras,
  observeFeatures,
  startFeatures,
  startPixelFeatures,
} from './features';
import { channels, components } from './layout';
import {
  configureNetwork,
  extrasAt,
  inputsAt,
  observeNetwork,
  predictNetwork,
  setCondition,
  startNetwork,
  startPixelNetwork,
} from './network';

let conditions: usize = 0; // f32[CONDITIONS]
/** Bits of a sample, and 2^depth / 256: network and predictors see value / unit, on the 8-bit scale. */
let depth: i32 = 8;
let unit: f32 = 1;

/** Reads the spec [channels, C, blocks, K, H, predictor sets, lean mixer, all blocks learn] and reserves memory. Returns the number of weights. */
export function configure(): i32 {
  const weights = configureNetwork();
  conditions = reserveFloats(CONDITIONS);
  configureFeatures(channels);
  return weights;
}

/** Begins a tile. */
export function startTile(width: i32, learn: bool, sampleDepth: i32): void {
  depth = sampleDepth;
  unit = <f32>(1 << depth) / (256 * gain);
  startFeatures(width);
  startNetwork(width, learn);
}

/** Begins pixel (x, y), the history's current pixel. */
export function startPixel(x: i32, y: i32): void {
  startPixelFeatures(x, y, inputsAt());
  startPixelNetwork(x, y);
}

/** Sets the distribution of channel c, after the channels before it have been observed. */
export function predict(c: i32): void {
  gatherExtras(c, extrasAt(c));
  setMixture(predictNetwork(c), components, centre(c) * unit, depth, unit);
}

/** Observes the value of channel c. The network learns only from coded values, the predictors from all. */
export function observe(c: i32, value: i32, coded: bool): void {
  observeNetwork(c, value, centre(c) * unit, depth, unit, coded);
  observeFeatures(c, <f32>value / unit, conditions);
  setCondition(c, load<f32>(conditions), load<f32>(conditions, 4));
}
