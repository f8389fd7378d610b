/**
 * The stream of 2h features between layers: u_0 after the first layer, u_i before layer i, the last one before the
 * head. The Diagonal BiLSTM keeps the streams of a whole row, for the direction from the right, which runs when the row
 * is complete. The others keep those of the current pixel, which serve as the pixel to the left until overwritten.
 */
import { reserveFloats } from '../../memory';
import { MAX_TILE_WIDTH } from '../../tile-limits';
import { DIAGONAL_BILSTM, blocks, bytes, hidden, kind } from './layout';

let streams: usize = 0; // f32[blocks + 1][MAX_TILE_WIDTH or 1][2h]
/** Bytes from the stream of one layer to the next, and to the current pixel. */
let layerBytes: usize = 0;
let here: usize = 0;

export function configureStreams(): void {
  const row = (kind === DIAGONAL_BILSTM ? MAX_TILE_WIDTH : 1) * 2 * hidden;
  streams = reserveFloats((blocks + 1) * row);
  layerBytes = bytes(row);
  here = 0;
}

/** Moves to pixel x of the current row; left of a row's first pixel are zeros. */
export function movePixelStreams(x: i32): void {
  if (kind === DIAGONAL_BILSTM) here = bytes(x * 2 * hidden);
  else if (x === 0) memory.fill(streams, 0, <usize>(blocks + 1) * layerBytes);
}

/** Returns the address of u_i of the current pixel, f32[2h]. */
export function streamOf(layer: i32): usize {
  return streamRow(layer) + here;
}

/** Returns the address of u_i of the current row, f32[width][2h]; Diagonal BiLSTM only. */
export function streamRow(layer: i32): usize {
  return streams + <usize>layer * layerBytes;
}
