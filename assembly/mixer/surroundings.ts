/**
 * The samples around the current value as integers, which predictions and contexts read. "Known" channels are those of
 * this pixel that are coded before the current one; where there is none, the channel's value at W replaces it.
 *
 * In the difference domain, the second and third channel of a pixel are coded as differences from the first one, plus
 * 128, modulo 256: the colours of a surface differ less in these than in R, G and B.
 */
import { neighbour, toBytes } from '../history';

let pixelBytes: usize = 0;
let inDifferences: bool = false;
/** The current pixel and the ones above it, f32[channels]. */
let here: usize = 0;
let above: usize = 0;
let above2: usize = 0;

export function configureSurroundings(channels: i32): void {
  pixelBytes = (<usize>channels) << 2;
}

/** Chooses the domain in which the channels after the first are coded. */
export function chooseDomain(differences: bool): void {
  inDifferences = differences;
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

/** Returns the same as the channel is coded: a difference from the first channel of its pixel, or the sample. */
export function codedInRow(c: i32, dx: i32): i32 {
  return coded(here, c, dx);
}

export function codedInRowAbove(c: i32, dx: i32): i32 {
  return coded(above, c, dx);
}

/** Returns whether channel c is coded as differences. */
export function isDifference(c: i32): bool {
  return inDifferences && c > 0;
}

/** Returns a sample of channel c less its coded value, modulo 256. */
export function codedOffset(c: i32): i32 {
  return isDifference(c) ? inRow(0, 0) - 128 : 0;
}

function coded(row: usize, c: i32, dx: i32): i32 {
  const value = sample(row, c, dx);
  return isDifference(c) ? (value - sample(row, 0, dx) + 128) & 255 : value;
}

function sample(row: usize, c: i32, dx: i32): i32 {
  return <i32>(load<f32>(row + <usize>dx * pixelBytes + ((<usize>c) << 2)) * toBytes);
}
