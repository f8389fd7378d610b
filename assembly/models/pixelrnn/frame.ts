/**
 * The frame in which a network sees the tile: the arithmetic of `src/model/frame.ts`, one pixel at a time, from samples
 * that the decoder already has.
 */
import { SAMPLES } from '../../memory';
import { interpolated } from './small';

/** Rows above, and columns on either side, in the 7x7 window. */
const WINDOW_REACH: i32 = 3;
/** Positions of the 7x7 window before the pixel itself in raster order. */
export const WINDOW_TAPS: i32 = 24;

/** squash(d) for d = -255 .. 255, f32[511]. */
const squashed: usize = memory.data(511 * 4, 16);
/** The base values of the current pixel, u8[3], and the difference of its last observed channel from its base. */
const bases: usize = memory.data(4);
let excess: i32 = 0;

let local: bool = false;
let small: bool = false;
let channels: i32 = 0;
let width: i32 = 0;
/** The network's input value for a sample of 1. */
let unit: i32 = 1;

/**
 * Sets frame and channel count for all following tiles.
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
 * Computes the base values of pixel (x, y) and writes the first layer's inputs that all channels share to `out`, f32[24
 * * channels + channels]: the window tap by tap, channel by channel, then the base values.
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
 * Returns the value that the distribution of channel c is relative to: softmax class k represents the value (centre +
 * k) mod 256, and means of logistics are relative to it.
 */
export function centre(c: i32): i32 {
  return clampToByte(<i32>load<u8>(bases + c) + (local ? excess : 0));
}

/** Observes the value of channel c. Returns its input for the channels after it. */
export function observeChannel(c: i32, value: i32): f32 {
  excess = value * unit - <i32>load<u8>(bases + c);
  return squash(excess);
}

/** Returns 4 d / (|d| + 12): steep near zero, where most differences in photographs are, and bounded by 4. */
export function squash(d: i32): f32 {
  return load<f32>(squashed + ((<usize>(d + 255)) << 2));
}

/**
 * Returns (W + N) / 2 + (NE - NW) / 4 of one channel, rounded half up and clamped; borders as in `src/model/frame.ts`.
 * With a small image, returns its interpolation instead.
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
