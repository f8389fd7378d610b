/**
 * The tile as colour numbers, u32[height * width], row by row, and the neighbourhood of the current pixel.
 * Neighbourhoods wrap: left of a row is the end of the row above. Everything before the first pixel has number 0, the
 * first pixel's colour.
 */
import { MARGIN, reserve } from './memory';

/** Address of the first pixel. */
let pixels: usize = 0;
let base: usize = 0;
/** The candidate rank of each pixel, u8[height * width], with the same margin. */
let rankMap: usize = 0;
let rankBase: usize = 0;

export let W: u32 = 0;
export let WW: u32 = 0;
export let WWW: u32 = 0;
export let WWWW: u32 = 0;
export let N: u32 = 0;
export let NW: u32 = 0;
export let NE: u32 = 0;
export let NN: u32 = 0;
export let NNE: u32 = 0;
export let NNW: u32 = 0;
export let NWW: u32 = 0;
export let NEE: u32 = 0;
export let NEEE: u32 = 0;
export let NNN: u32 = 0;
/** Candidate rank of W, N, NW and NE. */
export let rankW: u32 = 0;
export let rankN: u32 = 0;
export let rankNW: u32 = 0;
export let rankNE: u32 = 0;

/** Distances in pixels. Those to the right never reach the current pixel, however narrow the tile. */
let toN: usize = 0;
let toNE: usize = 0;
let toNEE: usize = 0;
let toNEEE: usize = 0;
let toNNE: usize = 0;

export function reservePixels(count: i32): void {
  base = reserve((MARGIN + <usize>count) << 2);
  pixels = base + (MARGIN << 2);
  rankBase = reserve(MARGIN + <usize>count);
  rankMap = rankBase + MARGIN;
}

export function startPixels(width: i32): void {
  memory.fill(base, 0, MARGIN << 2);
  memory.fill(rankBase, 0, MARGIN);
  toN = <usize>width;
  toNE = <usize>max(width - 1, 1);
  toNEE = <usize>max(width - 2, 1);
  toNEEE = <usize>max(width - 3, 1);
  toNNE = <usize>max(2 * width - 1, 1);
}

/** Loads the neighbourhood of pixel number i. */
export function loadNeighbours(i: i32): void {
  const at = pixels + ((<usize>i) << 2);
  const above = at - (toN << 2);
  const above2 = above - (toN << 2);
  W = load<u32>(at - 4);
  WW = load<u32>(at - 8);
  WWW = load<u32>(at - 12);
  WWWW = load<u32>(at - 16);
  N = load<u32>(above);
  NW = load<u32>(above - 4);
  NWW = load<u32>(above - 8);
  NE = load<u32>(at - (toNE << 2));
  NEE = load<u32>(at - (toNEE << 2));
  NEEE = load<u32>(at - (toNEEE << 2));
  NN = load<u32>(above2);
  NNW = load<u32>(above2 - 4);
  NNE = load<u32>(at - (toNNE << 2));
  NNN = load<u32>(above2 - (toN << 2));
  const rank = rankMap + <usize>i;
  rankW = load<u8>(rank - 1);
  rankN = load<u8>(rank - toN);
  rankNW = load<u8>(rank - toN - 1);
  rankNE = load<u8>(rank - toNE);
}

export function setPixel(i: i32, number: u32, rank: u32): void {
  store<u32>(pixels + ((<usize>i) << 2), number);
  store<u8>(rankMap + <usize>i, rank);
}

export function pixelAt(i: i32): u32 {
  return load<u32>(pixels + ((<usize>i) << 2));
}
