/**
 * Directional prediction: the known samples around the block give the dominant direction of its edges (the structure
 * tensor), along which the samples at its border are carried on into the block.
 */
import { toCoefficients } from './dct';
import { hasAbove, hasLeft, hasRight, sampleAt } from './window';

/** Coefficients of the prediction, f32[64], natural order; zeros without any border. */
export const directed: usize = memory.data(256, 16);
/** How strongly the surroundings have one direction, 0 to 1. */
export let coherence: f32 = 0;

const predicted: usize = memory.data(256, 16);
/** Added to the sum of squared gradients, so that flat surroundings have no direction. */
const FLAT: f32 = 40;
/** Smaller components of the direction count as 0. */
const MIN_COMPONENT: f32 = 1e-3;
const FAR: f32 = 1e9;

let gxx: v128 = f32x4.splat(0);
let gyy: v128 = f32x4.splat(0);
let gxy: v128 = f32x4.splat(0);
/** The unit vector along the edges, downwards. */
let dx: f32 = 0;
let dy: f32 = 1;

/** Predicts the block of the window. */
export function predictDirection(): void {
  coherence = 0;
  if (!hasLeft && !hasAbove) {
    memory.fill(directed, 0, 256);
    return;
  }
  measureGradients();
  chooseDirection(laneSum(gxx), laneSum(gyy), laneSum(gxy));
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) store<f32>(predicted + ((<usize>(y * 8 + x)) << 2), carried(x, y));
  }
  toCoefficients(predicted, directed);
}

function measureGradients(): void {
  gxx = f32x4.splat(0);
  gyy = gxx;
  gxy = gxx;
  if (hasLeft) for (let y = 1; y < 7; y++) addGradients(-5, y, 1);
  if (!hasAbove) return;
  for (let y = -5; y < -1; y++) {
    if (hasLeft) addGradients(-4, y, 1);
    addGradients(0, y, 1);
    addGradients(4, y, 1);
    if (hasRight) addGradients(8, y, 0.5);
  }
}

/** Adds the products of the gradients at four samples from (x, y) on. */
function addGradients(x: i32, y: i32, weight: f32): void {
  const half = f32x4.splat(0.5);
  const gx = f32x4.mul(f32x4.sub(v128.load(sampleAt(x + 1, y)), v128.load(sampleAt(x - 1, y))), half);
  const gy = f32x4.mul(f32x4.sub(v128.load(sampleAt(x, y + 1)), v128.load(sampleAt(x, y - 1))), half);
  const w = f32x4.splat(weight);
  gxx = f32x4.add(gxx, f32x4.mul(w, f32x4.mul(gx, gx)));
  gyy = f32x4.add(gyy, f32x4.mul(w, f32x4.mul(gy, gy)));
  gxy = f32x4.add(gxy, f32x4.mul(w, f32x4.mul(gx, gy)));
}

function laneSum(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/** Sets the coherence, and the direction across the gradient, from the structure tensor. */
function chooseDirection(xx: f32, yy: f32, xy: f32): void {
  const a = xx - yy;
  const b = xy + xy;
  const length = sqrt<f32>(a * a + b * b);
  coherence = length / (xx + yy + FLAT);
  // The vector (a, b) has twice the angle of the gradient.
  const cosine = length > 0 ? a / length : 1;
  dy = sqrt<f32>(max<f32>(0, (1 + cosine) * 0.5));
  dx = sqrt<f32>(max<f32>(0, (1 - cosine) * 0.5));
  if (b > 0) dx = -dx;
}

/** Returns the border's sample from which the direction leads to (x, y). */
function carried(x: i32, y: i32): f32 {
  const fx = <f32>x;
  const fy = <f32>y;
  const toTop = dy > MIN_COMPONENT ? (fy + 1) / dy : FAR;
  if (dx > MIN_COMPONENT) {
    const toLeft = (fx + 1) / dx;
    return toTop <= toLeft ? top(fx - dx * toTop) : left(fy - dy * toLeft);
  }
  if (dx >= -MIN_COMPONENT || !hasLeft) return top(fx - dx * toTop);
  // The line goes from the top down to the left border: between the two, both count.
  const toLeft = (fx + 1) / -dx;
  const below = fy + dy * toLeft;
  if (below > 7) return top(fx - dx * toTop);
  if (toLeft < toTop) return left(below);
  const share = toTop / (toTop + toLeft);
  return top(fx - dx * toTop) * (1 - share) + left(below) * share;
}

/** Returns the sample of the row above at x, interpolated; without that row, the nearest one on the left. */
function top(x: f32): f32 {
  if (!hasAbove) return load<f32>(sampleAt(-1, 0));
  const last: f32 = hasRight ? 15 : 7;
  const first: f32 = hasLeft ? -8 : 0;
  const at = max<f32>(first, min<f32>(last, x));
  const low = min<f32>(floor<f32>(at), last - 1);
  return between(sampleAt(<i32>low, -1), 4, at - low);
}

/** Returns the sample of the column on the left at y, likewise. */
function left(y: f32): f32 {
  if (!hasLeft) return load<f32>(sampleAt(0, -1));
  const first: f32 = hasAbove ? -6 : 0;
  const at = max<f32>(first, min<f32>(7, y));
  const low = min<f32>(floor<f32>(at), 6);
  return between(sampleAt(-1, <i32>low), 128, at - low);
}

function between(at: usize, step: usize, share: f32): f32 {
  return load<f32>(at) * (1 - share) + load<f32>(at + step) * share;
}
