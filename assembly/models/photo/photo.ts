/**
 * `photo`: in-context least squares and a small causal network that makes a mixture of logistics of them
 * (docs/format/photo.md). Channels are coded in the order G, R, B.
 */
import { setMixture } from '../../distributions/distribution';
import { SAMPLE_BITS, reserveFloats } from '../../memory';
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

/** Reads the spec [channels, C, blocks, K, H] and reserves memory; returns the number of weights. */
export function configure(): i32 {
  const weights = configureNetwork();
  conditions = reserveFloats(CONDITIONS);
  configureFeatures(channels);
  return weights;
}

/** Before the first pixel of a tile. */
export function startTile(width: i32, learn: bool): void {
  startFeatures(width);
  startNetwork(width, learn);
}

/** Before the channels of pixel (x, y), where the history stands. */
export function startPixel(x: i32, y: i32): void {
  startPixelFeatures(x, y, inputsAt());
  startPixelNetwork(x, y);
}

/** Sets the distribution of channel c, once the channels before it are observed. */
export function predict(c: i32): void {
  gatherExtras(c, extrasAt(c));
  setMixture(predictNetwork(c), components, centre(c), SAMPLE_BITS);
}

/** Tells the value of channel c. */
export function observe(c: i32, value: i32): void {
  observeNetwork(c, <f32>value, centre(c));
  observeFeatures(c, <f32>value, conditions);
  setCondition(c, load<f32>(conditions), load<f32>(conditions, 4));
}
