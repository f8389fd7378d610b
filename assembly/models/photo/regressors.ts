/**
 * The regressors of the least-squares predictors: for each channel the neighbours in its own channel and in the other
 * two, each relative to its channel's mean of W and N. They are ordered so that the smaller sets are prefixes of the
 * largest.
 */
import { neighbour } from '../../history';

/** Number of regressors of the largest, the middle and the small set, for RGB and gray. */
export const RGB_COUNTS: usize = memory.data<i32>([27, 20, 12]);
export const GRAY_COUNTS: usize = memory.data<i32>([21, 10, 6]);
/** Floats of the largest set and the target, padded: f32[28]. */
export const VECTOR_FLOATS: i32 = 28;

// [dx, dy] in the order of the vector, for the channel itself and for each of the others. If another channel is not
// yet known at the pixel itself, its list begins one entry later and includes its seventh neighbour.
const OWN: usize = memory.data<i8>([
  -1, 0, 0, -1, -1, -1, 1, -1, -2, 0, 0, -2, 2, -1, -2, -1, 1, -2, -1, -2, -3, 0, 0, -3, 3, -1, 2, -2, -2, -2, -3, -1, 1,
  -3, -1, -3, 3, -2, -3, -2, -4, 0,
]);
const OTHER: usize = memory.data<i8>([0, 0, -1, 0, 0, -1, -1, -1, 1, -1, -2, 0, 0, -2]);
/**
 * Lengths of the runs of neighbours: own, first other, second other; for the small set, the additions of the middle,
 * and those of the largest.
 */
const RGB_RUNS: usize = memory.data<i8>([6, 3, 3, 4, 2, 2, 5, 1, 1]);

/**
 * Entries of 4 bytes: row (-dy), group (which of the three channels' means), then i16 offset in floats within the row.
 */
const table: usize = memory.data(3 * VECTOR_FLOATS * 4, 16);
/** Mean of W and N of each channel, f32[3]. */
const means: usize = memory.data(3 * 4 + 4, 16);
/** Addresses of the current pixel in the rows y, y - 1, y - 2, y - 3, u32[4]. */
const rows: usize = memory.data(4 * 4, 16);

let channels: i32 = 0;
let count: i32 = 0;

export function configureRegressors(channelCount: i32): void {
  channels = channelCount;
  count = channels === 1 ? load<i32>(GRAY_COUNTS) : load<i32>(RGB_COUNTS);
  for (let c = 0; c < channels; c++) fillTable(c);
}

function fillTable(c: i32): void {
  const first = c === 0 ? 1 : 0;
  const second = c === 2 ? 1 : 2;
  let to = table + <usize>(c * VECTOR_FLOATS * 4);
  if (channels === 1) {
    for (let i = 0; i < count; i++) to = writeEntry(to, 0, OWN + 2 * i);
    return;
  }
  let own = OWN;
  let one = OTHER + (first > c ? 2 : 0);
  let two = OTHER + (second > c ? 2 : 0);
  for (let run = RGB_RUNS; run < RGB_RUNS + 9; run += 3) {
    for (let i: i32 = load<i8>(run); i > 0; i--, own += 2) to = writeEntry(to, c, own);
    for (let i: i32 = load<i8>(run, 1); i > 0; i--, one += 2) to = writeEntry(to, first, one);
    for (let i: i32 = load<i8>(run, 2); i > 0; i--, two += 2) to = writeEntry(to, second, two);
  }
}

function writeEntry(to: usize, channel: i32, position: usize): usize {
  store<u8>(to, <u8>-load<i8>(position, 1));
  store<u8>(to, <u8>channel, 1);
  store<i16>(to, <i16>(load<i8>(position) * channels + channel), 2);
  return to + 4;
}

/** Moves to the history's current pixel, before its channels. */
export function startRegressors(): void {
  for (let dy = 0; dy < 4; dy++) store<usize>(rows + ((<usize>dy) << 2), neighbour(0, -dy));
  const w = neighbour(-1, 0);
  const n = neighbour(0, -1);
  for (let c: usize = 0; c < (<usize>channels) << 2; c += 4) {
    store<f32>(means + c, (load<f32>(w + c) + load<f32>(n + c)) * 0.5);
  }
}

/** Returns the mean that channel c's regressors, target and prediction are relative to. */
export function centreOf(c: i32): f32 {
  return load<f32>(means + ((<usize>c) << 2));
}

/** Writes the regressors of channel c, f32[count of the largest set], after the channels before it are known. */
export function gatherRegressors(c: i32, to: usize): void {
  let entry = table + <usize>(c * VECTOR_FLOATS * 4);
  for (let i = 0; i < count; i++) {
    const row = load<usize>(rows + ((<usize>load<u8>(entry)) << 2));
    const value = load<f32>(row + ((<isize>load<i16>(entry, 2)) << 2));
    store<f32>(to, value - load<f32>(means + ((<usize>load<u8>(entry, 1)) << 2)));
    entry += 4;
    to += 4;
  }
}
