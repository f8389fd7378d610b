/**
 * Predictions of the block's DC. The known coefficients give the block's samples except for their mean; each line that
 * crosses the border, continued from both sides, gives a prediction of that mean.
 */
import { blockValues } from './block';
import { toSamples } from './dct';
import { hasAbove, hasLeft, sampleAt } from './window';

/** The block's samples without their mean, f32[64]. */
export const residue: usize = memory.data(256, 16);
const dequantised: usize = memory.data(256, 16);

/** The predictions in ascending order, f32[16]. */
const sorted: usize = memory.data(64, 16);
let count: i32 = 0;

/** Mean of the middle half of the predictions; mean of all, of those on the left, of those above; their range. */
export let middle: f32 = 0;
export let mean: f32 = 0;
export let leftMean: f32 = 0;
export let aboveMean: f32 = 0;
export let spread: f32 = 0;

/** Computes the residue and the predictions; without a border, all are 0. */
export function predictMean(): void {
  const scale = f32x4.splat(32);
  for (let i: usize = 0; i < 256; i += 16) v128.store(dequantised + i, f32x4.mul(v128.load(blockValues + i), scale));
  toSamples(dequantised, residue);
  count = 0;
  leftMean = 0;
  aboveMean = 0;
  if (hasLeft) {
    for (let y = 0; y < 8; y++) {
      const at = residue + ((<usize>y) << 5);
      leftMean += add(load<f32>(sampleAt(-1, y)), load<f32>(sampleAt(-2, y)), load<f32>(at), load<f32>(at, 4));
    }
    leftMean *= 0.125;
  }
  if (hasAbove) {
    for (let x = 0; x < 8; x++) {
      const at = residue + ((<usize>x) << 2);
      aboveMean += add(load<f32>(sampleAt(x, -1)), load<f32>(sampleAt(x, -2)), load<f32>(at), load<f32>(at, 32));
    }
    aboveMean *= 0.125;
  }
  summarise();
}

/** Adds the prediction from two known samples, the nearer one first, and two of the block. Returns it. */
function add(near: f32, far: f32, first: f32, second: f32): f32 {
  const value = near + (near - far) * 0.5 - (first - (second - first) * 0.5);
  let at = sorted + ((<usize>count) << 2);
  for (; at > sorted && load<f32>(at - 4) > value; at -= 4) store<f32>(at, load<f32>(at - 4));
  store<f32>(at, value);
  count++;
  return value;
}

function summarise(): void {
  middle = 0;
  mean = 0;
  spread = 0;
  if (count === 0) return;
  const skipped = count >> 2;
  for (let i = 0; i < count; i++) {
    const value = load<f32>(sorted + ((<usize>i) << 2));
    mean += value;
    if (i >= skipped && i < count - skipped) middle += value;
  }
  mean /= <f32>count;
  middle /= <f32>(count - 2 * skipped);
  spread = load<f32>(sorted + ((<usize>(count - 1)) << 2)) - load<f32>(sorted);
}
