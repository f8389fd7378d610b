/**
 * `photo`: in-context least squares and a small causal network that makes a mixture of logistics of them (DESIGN.md, section 6).
 * Channels are coded in the order G, R, B.
 */
import { setMixture } from '../../distributions/distribution';
import { SPEC, reserveFloats } from '../../memory';
import {
  CONDITIONS,
  centre,
  configureFeatures,
  gatherExtras,
  observeFeatures,
  startFeatures,
  startPixelFeatures,
} from './features';
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

const DEPTH: i32 = 8;

let components: i32 = 0;
let conditions: usize = 0; // f32[CONDITIONS]

/** Reads the spec [channels, C, blocks, K, H] and reserves memory; returns the number of weights. */
export function configure(): i32 {
  const weights = configureNetwork();
  components = load<i32>(SPEC, 12);
  conditions = reserveFloats(CONDITIONS);
  configureFeatures(load<i32>(SPEC));
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
  setMixture(predictNetwork(c), components, centre(c), DEPTH);
}

/** Tells the value of channel c. */
export function observe(c: i32, value: i32): void {
  observeNetwork(c, <f32>value, centre(c));
  observeFeatures(c, <f32>value, conditions);
  setCondition(c, load<f32>(conditions), load<f32>(conditions, 4));
}
