/**
 * The recurrence of an LSTM layer (paper, equation 3) over a batch of maps, forward and backward: a kernel for
 * training, which no file depends on. In tfjs each step would be some forty small kernels, whose calls cost five times
 * their arithmetic.
 *
 * Maps are f32[batch][height][width][features], gates in the order o, f, i, g. A step covers all pixels that do not
 * depend on each other: a row for the Row LSTM, a diagonal for the Diagonal BiLSTM. A pixel's position in the step is
 * its column or its row. A second copy of the states is transposed, f32[h][1 + positions + 1], zero at both ends:
 * products (`gemm`) read it at an offset of one position.
 */
import { gemm } from '../kernels/gemm';
import { sigmoid4, tanh4 } from '../kernels/sigmoid';
import { transpose } from '../kernels/transpose';

/** Directions: Row LSTM; Diagonal BiLSTM from the left; the same from the right. */
export const ROWS: i32 = 0;
export const LEFT: i32 = 1;
export const RIGHT: i32 = 2;

let batch: i32 = 0;
let height: i32 = 0;
let width: i32 = 0;
let hidden: i32 = 0;
let direction: i32 = ROWS;
/**
 * Positions of a step, and taps: a position reads the states of the previous step at this many consecutive positions,
 * from -1 on.
 */
let positions: i32 = 0;
let taps: i32 = 0;

let weights: usize = 0; // f32[taps * h][4h]
let transposed: usize = 0; // f32[taps][4h][h], the same for the backward pass
let maps: usize = 0; // f32[b][y][x][4h], input-to-state; then gates; in the backward pass the errors of the sums
let cells: usize = 0; // f32[b][y][x][h]
let states: usize = 0; // f32[b][y][x][h]; in the backward pass the errors of the states
/** For one image: the states of the current step; in the backward pass the errors of the sums, 4h of them. */
let columnMajor: usize = 0; // f32[4h][stride]
let stride: usize = 0; // bytes of a row of it
/** In the backward pass: errors of the states and of the cells, as computed by the following step. */
let stateErrors: usize = 0; // f32[1 + positions + 1 + 3][h]
let nextErrors: usize = 0;
let cellErrors: usize = 0; // f32[positions][h]

/**
 * Lays out memory for maps of a size. Returns false if it cannot be allocated.
 * @param layerHidden h, a multiple of 4
 */
export function configure(images: i32, rows: i32, columns: i32, layerHidden: i32, layerDirection: i32): bool {
  batch = images;
  height = rows;
  width = columns;
  hidden = layerHidden;
  direction = layerDirection;
  positions = direction === ROWS ? width : height;
  taps = direction === ROWS ? 3 : 2;
  const pixels = <usize>(batch * height * width);
  const h = bytes(hidden);
  stride = bytes((positions + 2 + 7) & ~3);
  let at: usize = (__heap_base + 15) & ~15;
  weights = at;
  at += <usize>(taps * 4 * hidden) * h;
  transposed = at;
  at += <usize>(taps * 4 * hidden) * h;
  maps = at;
  at += pixels * h * 4;
  cells = at;
  at += pixels * h;
  states = at;
  at += pixels * h;
  columnMajor = at;
  at += <usize>(4 * hidden) * stride;
  stateErrors = at;
  at += <usize>(positions + 5) * h;
  nextErrors = at;
  at += <usize>(positions + 5) * h;
  cellErrors = at;
  at += <usize>positions * h;
  const pages = <i32>((at + 65535) >> 16) - memory.size();
  return pages <= 0 || memory.grow(pages) >= 0;
}

export function weightsAt(): usize {
  return weights;
}

export function mapsAt(): usize {
  return maps;
}

export function statesAt(): usize {
  return states;
}

/** Computes the states from maps and weights. The gates overwrite the maps. */
export function forward(): void {
  const h = bytes(hidden);
  for (let b = 0; b < batch; b++) {
    memory.fill(columnMajor, 0, <usize>hidden * stride);
    for (let step = 0; step < steps(); step++) {
      const first = firstPosition(step);
      const count = lastPosition(step) - first + 1;
      const start = pixelOf(b, step, first);
      for (let tap = 0; tap < taps; tap++) {
        const seen = columnMajor + bytes(first + tap); // position first + tap - 1
        const kernel = weights + <usize>(tap * hidden) * 4 * h;
        gemm(seen, stride, kernel, 4 * h, maps + start * 4 * h, pixelStep() * 4 * h, count, hidden, 4 * hidden, true);
      }
      let pixel = start;
      for (let p = first; p < first + count; p++) {
        activate(pixel, cellBefore(step, p, pixel));
        const from = states + pixel * h;
        let to = columnMajor + bytes(p + 1);
        for (let k: usize = 0; k < h; k += 4, to += stride) store<f32>(to, load<f32>(from + k));
        pixel += pixelStep();
      }
    }
  }
}

/** Computes the gates, cell and state of a pixel from its sums. */
function activate(pixel: usize, before: usize): void {
  const h = bytes(hidden);
  const gates = maps + pixel * 4 * h;
  const cell = cells + pixel * h;
  const state = states + pixel * h;
  for (let k: usize = 0; k < h; k += 16) {
    const o = sigmoid4(v128.load(gates + k));
    const f = sigmoid4(v128.load(gates + h + k));
    const i = sigmoid4(v128.load(gates + 2 * h + k));
    const g = tanh4(v128.load(gates + 3 * h + k));
    v128.store(gates + k, o);
    v128.store(gates + h + k, f);
    v128.store(gates + 2 * h + k, i);
    v128.store(gates + 3 * h + k, g);
    let c = f32x4.mul(i, g);
    if (before) c = f32x4.add(f32x4.mul(f, v128.load(before + k)), c);
    v128.store(cell + k, c);
    v128.store(state + k, f32x4.mul(o, tanh4(c)));
  }
}

/**
 * Computes the errors of the sums, which overwrite the gates, from gates, cells, weights and the errors of the states,
 * which the host has written to the states.
 */
export function backward(): void {
  const h = bytes(hidden);
  for (let tap = 0; tap < taps; tap++) {
    const from = weights + <usize>(tap * hidden) * 4 * h;
    transpose(from, hidden, 4 * hidden, transposed + <usize>(tap * hidden) * 4 * h);
  }
  for (let b = 0; b < batch; b++) {
    memory.fill(stateErrors, 0, <usize>(positions + 5) * h);
    memory.fill(cellErrors, 0, <usize>positions * h);
    for (let step = steps() - 1; step >= 0; step--) {
      const first = firstPosition(step);
      const count = lastPosition(step) - first + 1;
      let pixel = pixelOf(b, step, first);
      for (let p = first; p < first + count; p++) {
        propagate(pixel, cellBefore(step, p, pixel), p);
        const from = maps + pixel * 4 * h;
        let to = columnMajor + bytes(p);
        for (let k: usize = 0; k < 4 * h; k += 4, to += stride) store<f32>(to, load<f32>(from + k));
        pixel += pixelStep();
      }
      memory.fill(nextErrors, 0, <usize>(positions + 5) * h);
      for (let tap = 0; tap < taps; tap++) {
        const kernel = transposed + <usize>(tap * hidden) * 4 * h;
        const errors = nextErrors + <usize>(first + tap) * h;
        gemm(columnMajor + bytes(first), stride, kernel, h, errors, h, count, 4 * hidden, hidden, true);
      }
      const spare = stateErrors;
      stateErrors = nextErrors;
      nextErrors = spare;
    }
  }
}

/** Overwrites the gates of a pixel with the errors of its sums, and passes its cell's error on to the previous cell. */
function propagate(pixel: usize, before: usize, position: i32): void {
  const h = bytes(hidden);
  const one = f32x4.splat(1);
  const gates = maps + pixel * 4 * h;
  const cell = cells + pixel * h;
  const own = states + pixel * h;
  const later = stateErrors + <usize>(position + 1) * h;
  const carried = cellErrors + <usize>position * h;
  for (let k: usize = 0; k < h; k += 16) {
    const o = v128.load(gates + k);
    const f = v128.load(gates + h + k);
    const i = v128.load(gates + 2 * h + k);
    const g = v128.load(gates + 3 * h + k);
    const squashed = tanh4(v128.load(cell + k));
    const byState = f32x4.add(v128.load(own + k), v128.load(later + k));
    const inner = f32x4.mul(f32x4.mul(byState, o), f32x4.sub(one, f32x4.mul(squashed, squashed)));
    const byCell = f32x4.add(v128.load(carried + k), inner);
    const c = before ? v128.load(before + k) : f32x4.splat(0);
    v128.store(gates + k, throughSigmoid(f32x4.mul(byState, squashed), o));
    v128.store(gates + h + k, throughSigmoid(f32x4.mul(byCell, c), f));
    v128.store(gates + 2 * h + k, throughSigmoid(f32x4.mul(byCell, g), i));
    v128.store(gates + 3 * h + k, f32x4.mul(f32x4.mul(byCell, i), f32x4.sub(one, f32x4.mul(g, g))));
    v128.store(carried + k, f32x4.mul(byCell, f));
  }
}

function throughSigmoid(error: v128, value: v128): v128 {
  return f32x4.mul(error, f32x4.mul(value, f32x4.sub(f32x4.splat(1), value)));
}

function steps(): i32 {
  return direction === ROWS ? height : width + height - 1;
}

function firstPosition(step: i32): i32 {
  return direction === ROWS ? 0 : max(0, step - width + 1);
}

function lastPosition(step: i32): i32 {
  return direction === ROWS ? width - 1 : min(height - 1, step);
}

/** Returns the index of a pixel in the maps. From the right, column 0 of a step is the image's last. */
function pixelOf(b: i32, step: i32, position: i32): usize {
  if (direction === ROWS) return <usize>((b * height + step) * width + position);
  const x = step - position;
  return <usize>((b * height + position) * width + (direction === LEFT ? x : width - 1 - x));
}

/** Returns the distance in pixels from one position of a step to the next. */
function pixelStep(): usize {
  if (direction === ROWS) return 1;
  return <usize>(direction === LEFT ? width - 1 : width + 1);
}

/**
 * Returns the address of the cell that a pixel's cell continues: the one above, or its neighbour in the same row; 0 if
 * there is none.
 */
function cellBefore(step: i32, position: i32, pixel: usize): usize {
  const h = bytes(hidden);
  if (direction === ROWS) return step > 0 ? cells + (pixel - <usize>width) * h : 0;
  if (step === position) return 0;
  return cells + (direction === LEFT ? pixel - 1 : pixel + 1) * h;
}

function bytes(floats: i32): usize {
  return (<usize>floats) << 2;
}
