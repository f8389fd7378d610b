/**
 * The frame in which a network sees the tile: the same arithmetic as `src/model/frame.ts`, for one pixel at a time,
 * reading only samples that the decoder has at that moment.
 */
import { SAMPLES } from '../../memory';
import { interpolated } from './small';

/** Rows above and columns to either side in the 7x7 window. */
const WINDOW_REACH: i32 = 3;
/** Positions of the 7x7 window before the pixel itself in raster order. */
export const WINDOW_TAPS: i32 = 24;

/** squash(d) for d = -255 .. 255, f32[511]. */
const squashed: usize = memory.data(511 * 4, 16);
/** The base values of the pixel at hand, u8[3], and what its last observed channel lay above its base. */
const bases: usize = memory.data(4);
let excess: i32 = 0;

let local: bool = false;
let small: bool = false;
let channels: i32 = 0;
let width: i32 = 0;
/** What the network sees for a sample of 1. */
let unit: i32 = 1;

/**
 * Sets frame and channel count for all tiles to come.
 * @param hasSmall whether there is a small image, which the local frame then is relative to
 * @param hasBits whether samples are bits, which the network sees as 0 and 255
 */
export function configureFrame(isLocal: bool, channelCount: i32, hasSmall: bool, hasBits: bool): void {
  local = isLocal;
  channels = channelCount;
  small = hasSmall;
  unit = hasBits ? 255 : 1;
  for (let d: i32 = -255; d <= 255; d++) {
    const quotient = f32(d * 4) / f32(abs(d) + 12);
    store<f32>(squashed + ((<usize>(d + 255)) << 2), quotient);
  }
}

export function startFrame(tileWidth: i32): void {
  width = tileWidth;
}

/**
 * Computes the base values of pixel (x, y) and writes the first layer's inputs that all channels see to `out`,
 * f32[24 * channels + channels]: the window tap by tap, channel by channel, then the base values.
 */
export function gatherContext(x: i32, y: i32, out: usize): void {
  excess = 0;
  const row = width * channels;
  const here = SAMPLES + <usize>(y * row + x * channels);
  for (let c = 0; c < channels; c++) store<u8>(bases + c, local ? localBase(here + c, x, y, c) : 128);
  const inner = x >= WINDOW_REACH && x < width - WINDOW_REACH;
  for (let dy = -WINDOW_REACH; dy <= 0; dy++) {
    const taps = dy < 0 ? 2 * WINDOW_REACH + 1 : WINDOW_REACH;
    let from = here + dy * row - WINDOW_REACH * channels;
    for (let i = 0; i < taps; i++) {
      const column = x + i - WINDOW_REACH;
      const inside = y + dy >= 0 && (inner || (column >= 0 && column < width));
      for (let c = 0; c < channels; c++) {
        store<f32>(out, inside ? squash(<i32>load<u8>(from + c) * unit - <i32>load<u8>(bases + c)) : 0);
        out += 4;
      }
      from += channels;
    }
  }
  for (let c = 0; c < channels; c++) {
    store<f32>(out, <f32>(<i32>load<u8>(bases + c) - 128) / 128);
    out += 4;
  }
}

/**
 * What the distribution of channel c is relative to: softmax class k stands for the value (centre + k) mod 256, the means
 * of logistics are so far from it.
 */
export function centre(c: i32): i32 {
  return clampToByte(<i32>load<u8>(bases + c) + (local ? excess : 0));
}

/** Takes note of the value of channel c; returns the input that it is to the channels after it. */
export function observeChannel(c: i32, value: i32): f32 {
  excess = value * unit - <i32>load<u8>(bases + c);
  return squash(excess);
}

/** 4 d / (|d| + 12): steep near zero, where photographs live, and bounded by 4. */
export function squash(d: i32): f32 {
  return load<f32>(squashed + ((<usize>(d + 255)) << 2));
}

/**
 * (W + N) / 2 + (NE - NW) / 4 of one channel, rounded half up, clamped; borders as in `src/model/frame.ts`. Where there
 * is a small image, what that says of the place.
 */
function localBase(at: usize, x: i32, y: i32, c: i32): i32 {
  if (small) return interpolated(x, y, c);
  const row = width * channels;
  if (y === 0) return x > 0 ? load<u8>(at - channels) : 128;
  const n: i32 = load<u8>(at - row);
  const w: i32 = x > 0 ? load<u8>(at - channels) : n;
  const nw: i32 = x > 0 ? load<u8>(at - row - channels) : n;
  const ne: i32 = x < width - 1 ? load<u8>(at - row + channels) : n;
  return clampToByte((2 * (w + n) + ne - nw + 2) >> 2);
}

function clampToByte(v: i32): i32 {
  return max(0, min(255, v));
}
