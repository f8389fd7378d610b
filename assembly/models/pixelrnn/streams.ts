/**
 * The stream of 2h features that runs from layer to layer: u_0 behind the first layer, u_i before layer i, the last one
 * before the head. The Diagonal BiLSTM keeps those of a whole row, for the direction that runs to the left when the row
 * is complete; the others those of the pixel at hand, which stay as the pixel at the left until they are written anew.
 */
import { reserveFloats } from '../../memory';
import { MAX_TILE_WIDTH } from '../../tile-limits';
import { DIAGONAL_BILSTM, blocks, bytes, hidden, kind } from './layout';

let streams: usize = 0; // f32[blocks + 1][MAX_TILE_WIDTH or 1][2h]
/** Bytes from the stream of a layer to that of the next one, and to the pixel at hand. */
let layerBytes: usize = 0;
let here: usize = 0;

export function configureStreams(): void {
  const row = (kind === DIAGONAL_BILSTM ? MAX_TILE_WIDTH : 1) * 2 * hidden;
  streams = reserveFloats((blocks + 1) * row);
  layerBytes = bytes(row);
  here = 0;
}

/** Turns to pixel x of the row at hand; left of a row's first pixel are zeros. */
export function movePixelStreams(x: i32): void {
  if (kind === DIAGONAL_BILSTM) here = bytes(x * 2 * hidden);
  else if (x === 0) memory.fill(streams, 0, <usize>(blocks + 1) * layerBytes);
}

/** u_i of the pixel at hand, f32[2h]. */
export function streamOf(layer: i32): usize {
  return streamRow(layer) + here;
}

/** u_i of the row at hand, f32[width][2h]; only of the Diagonal BiLSTM. */
export function streamRow(layer: i32): usize {
  return streams + <usize>layer * layerBytes;
}
