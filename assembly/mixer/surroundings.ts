/**
 * The samples around the current value as integers, which predictions and contexts read. "Known" channels are those of
 * this pixel that are coded before the current one; where there is none, the channel's value at W replaces it.
 */
import { neighbour, toBytes } from '../history';

let pixelBytes: usize = 0;
/** The current pixel and the ones above it, f32[channels]. */
let here: usize = 0;
let above: usize = 0;
let above2: usize = 0;

export function configureSurroundings(channels: i32): void {
  pixelBytes = (<usize>channels) << 2;
}

/** Moves to the history's current pixel. */
export function movePixelSurroundings(): void {
  here = neighbour(0, 0);
  above = neighbour(0, -1);
  above2 = neighbour(0, -2);
}

/**
 * Returns channel c of the pixel dx to the right in this row (dx <= 0); the next two functions, in the two rows above.
 */
export function inRow(c: i32, dx: i32): i32 {
  return sample(here, c, dx);
}

export function inRowAbove(c: i32, dx: i32): i32 {
  return sample(above, c, dx);
}

export function inSecondRowAbove(c: i32, dx: i32): i32 {
  return sample(above2, c, dx);
}

function sample(row: usize, c: i32, dx: i32): i32 {
  return <i32>(load<f32>(row + <usize>dx * pixelBytes + ((<usize>c) << 2)) * toBytes);
}
