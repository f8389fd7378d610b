/**
 * The small image of a Multi-Scale PixelRNN, which both sides know: every factor-th pixel of every factor-th row of the
 * tile, at SMALL, with as many channels.
 */
import { SMALL } from '../../memory';
import { channels, factor } from './layout';

export let smallWidth: i32 = 0;
export let smallHeight: i32 = 0;

/** Sets the number of rows of the image that the host has written at SMALL. Call it before each tile. */
export function setSmallHeight(rows: i32): void {
  smallHeight = rows;
}

export function startSmall(tileWidth: i32): void {
  smallWidth = (tileWidth + factor - 1) / factor;
}

/** Returns the address of its pixel (x, y), u8[channels]. */
export function smallPixel(x: i32, y: i32): usize {
  return SMALL + <usize>((y * smallWidth + x) * channels);
}

/**
 * Returns its bilinear interpolation at pixel (x, y) of the tile, rounded half up; its last column and row repeat
 * beyond its borders. Its own pixels are returned unchanged.
 */
export function interpolated(x: i32, y: i32, c: i32): i32 {
  const column = x / factor;
  const row = y / factor;
  const a = x - column * factor;
  const b = y - row * factor;
  const right = min(column + 1, smallWidth - 1);
  const below = min(row + 1, smallHeight - 1);
  const sum =
    (factor - a) * (factor - b) * <i32>load<u8>(smallPixel(column, row) + c) +
    a * (factor - b) * <i32>load<u8>(smallPixel(right, row) + c) +
    (factor - a) * b * <i32>load<u8>(smallPixel(column, below) + c) +
    a * b * <i32>load<u8>(smallPixel(right, below) + c);
  const area = factor * factor;
  return (sum + (area >> 1)) / area;
}
