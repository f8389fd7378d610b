/** The recent errors of the model's mean around the current pixel, in 12 classes. */
import { log2 } from '../kernels/log';
import { reserveFloats } from '../memory';
import { MAX_TILE_WIDTH } from '../tile-limits';

export const ERROR_LEVELS: i32 = 12;

let channels: i32 = 0;
let errors: usize = 0; // f32[2][1 + width + 1][channels]
let here: usize = 0;
let above: usize = 0;
let cell: usize = 0;

export function configureLocalError(channelCount: i32): void {
  channels = channelCount;
  cell = (<usize>channels) << 2;
  errors = reserveFloats(2 * (MAX_TILE_WIDTH + 2) * channels);
}

export function startLocalError(): void {
  memory.fill(errors, 0, <usize>(2 * (MAX_TILE_WIDTH + 2)) * cell);
}

export function movePixelLocalError(x: i32, y: i32): void {
  const row = <usize>(MAX_TILE_WIDTH + 2) * cell;
  here = errors + <usize>(y & 1) * row + <usize>(x + 1) * cell;
  above = errors + <usize>(1 - (y & 1)) * row + <usize>(x + 1) * cell;
}

/**
 * Returns the class for channel c: of the sum of the absolute errors at W, N, NW and NE; outside the tile they are 0.
 */
export function localErrorLevel(c: i32): i32 {
  const at = (<usize>c) << 2;
  const e =
    load<f32>(here - cell + at) + load<f32>(above + at) + (load<f32>(above - cell + at) + load<f32>(above + cell + at));
  return max(0, min(ERROR_LEVELS - 1, <i32>(log2(e + 0.5) * 1.3 + 1)));
}

export function recordError(c: i32, error: f32): void {
  store<f32>(here + ((<usize>c) << 2), error);
}
