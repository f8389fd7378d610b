/** The loop over a tile's pixels, for encoding and decoding. */
import { codeColour, startEscapes } from './escapes';
import { ESCAPED, codeHit, hitRank, openPixel } from './hits';
import { forgetMatches, learnMatches, startMatches } from './matches';
import { startMaps } from './maps';
import { startMixing } from './mixing';
import { numberOf, startPalette } from './palette';
import { loadNeighbours, pixelAt, setPixel, startPixels } from './pixels';
import { learnRecent, startRecent } from './recent';
import { decideRow, startRows } from './rows';
import { clearSlots } from './slots';
import { decideEvenly, startDecisions } from './decision';
import * as encoder from '../coder/encoder';

export function startTile(width: i32, channels: i32, depth: i32, decode: bool): void {
  clearSlots();
  startMaps();
  startMixing();
  startDecisions(decode);
  startPalette();
  startPixels(width);
  startRecent();
  startMatches();
  startRows();
  startEscapes(channels, depth);
}

/**
 * Encodes the colours at `packed`, u64[height * width].
 * @returns false if the stream is full
 */
export function encodeTile(packed: usize, width: i32, height: i32, channels: i32, depth: i32): bool {
  codeFirst(load<u64>(packed), channels, depth);
  for (let y = 0; y < height; y++) {
    const from = y * width;
    const same = decideRow(sameAsAbove(packed, from, width));
    if (same) copyRow(from, width);
    else {
      for (let x = 0; x < width; x++) codePixel(from + x, x, load<u64>(packed + ((<usize>(from + x)) << 3)));
    }
    if (encoder.overflowed()) return false;
  }
  return true;
}

export function decodeTile(width: i32, height: i32, channels: i32, depth: i32): void {
  codeFirst(0, channels, depth);
  for (let y = 0; y < height; y++) {
    const from = y * width;
    if (decideRow(false)) copyRow(from, width);
    else for (let x = 0; x < width; x++) codePixel(from + x, x, 0);
  }
}

/** Codes the first pixel's colour, number 0, bit by bit. It is also the colour of everything before the tile. */
function codeFirst(colour: u64, channels: i32, depth: i32): void {
  let coded: u64 = 0;
  for (let c = 0; c < channels; c++) {
    for (let bit = depth - 1; bit >= 0; bit--) {
      const at = ((<u64>c) << 4) + <u64>bit;
      coded |= (<u64>decideEvenly(((colour >> at) & 1) !== 0)) << at;
    }
  }
  numberOf(coded);
}

function codePixel(i: i32, x: i32, colour: u64): void {
  loadNeighbours(i);
  openPixel(i, x);
  let number = codeHit(colour);
  if (number === ESCAPED) number = numberOf(codeColour(colour));
  setPixel(i, number, hitRank);
  learnRecent(number);
  learnMatches(number);
}

function sameAsAbove(packed: usize, from: i32, width: i32): bool {
  const first = load<u64>(packed);
  const at = packed + ((<usize>from) << 3);
  const back = (<usize>width) << 3;
  for (let x: usize = 0; x < back; x += 8) {
    const above = from === 0 ? first : load<u64>(at + x - back);
    if (load<u64>(at + x) !== above) return false;
  }
  return true;
}

function copyRow(from: i32, width: i32): void {
  forgetMatches();
  for (let i = from; i < from + width; i++) setPixel(i, from === 0 ? 0 : pixelAt(i - width), 0);
}
