/**
 * The palette coder: a lossless codec for tiles of few colours and repeated structure (docs/format/palette.md). The
 * host calls `prepare`, writes samples or payload at `samplesAt()` or `streamAt()`, and calls `encode` or `decode`.
 */
import * as decoder from '../coder/decoder';
import * as encoder from '../coder/encoder';
import { reserveApms } from './decision';
import { reserveGuesses } from './guesses';
import { reserveMaps } from './maps';
import { commitReservations, reserve, resetReservations } from './memory';
import { reserveMatches } from './matches';
import { reserveMixing } from './mixing';
import { isPhotograph } from './photograph';
import { colourOf, reservePalette } from './palette';
import { pixelAt, reservePixels } from './pixels';
import { reserveRecent } from './recent';
import { reserveSlots } from './slots';
import { decodeTile, encodeTile, startTile } from './tile';

export { MAX_TILE_PIXELS, MAX_TILE_WIDTH } from '../tile-limits';

let samples: usize = 0;
let stream: usize = 0;
let packed: usize = 0;
let width: i32 = 0;
let height: i32 = 0;
let channels: i32 = 0;
let depth: i32 = 0;

/**
 * Lays out memory for a tile.
 * @param room bytes of the stream: the length of the payload to decode, or the limit when encoding
 * @returns false if the memory cannot be allocated
 */
export function prepare(tileWidth: i32, tileHeight: i32, channelCount: i32, sampleDepth: i32, room: i32): bool {
  width = tileWidth;
  height = tileHeight;
  channels = channelCount;
  depth = sampleDepth;
  const pixels = width * height;
  resetReservations();
  reserveSlots(pixels);
  reserveMaps();
  reserveMixing();
  reserveApms();
  reserveGuesses();
  reservePalette(pixels);
  reservePixels(pixels);
  reserveRecent(pixels);
  reserveMatches(pixels);
  samples = reserve((<usize>(pixels * channels)) << (depth > 8 ? 1 : 0));
  packed = reserve((<usize>pixels) << 3);
  stream = reserve(<usize>room);
  return commitReservations();
}

/** Returns the address of the samples, [height][width][channels]: u16 if the depth exceeds 8, else u8. */
export function samplesAt(): usize {
  return samples;
}

export function streamAt(): usize {
  return stream;
}

/**
 * Encodes the samples. Returns the payload's length, or -1 if it would exceed `room` bytes or the tile is a photograph.
 */
export function encode(room: i32): i32 {
  pack();
  if (isPhotograph(packed, width, width * height, channels === 1)) return -1;
  startTile(width, channels, depth, false);
  encoder.start(stream, room);
  if (!encodeTile(packed, width, height, channels, depth)) return -1;
  const length = encoder.finish();
  return encoder.overflowed() ? -1 : length;
}

/** Decodes a payload of `length` bytes into the samples. */
export function decode(length: i32): void {
  startTile(width, channels, depth, true);
  decoder.start(stream, length);
  decodeTile(width, height, channels, depth);
  unpack();
}

function pack(): void {
  let at = samples;
  for (let i = 0; i < width * height; i++) {
    let colour: u64 = 0;
    for (let c = 0; c < channels; c++) {
      if (depth > 8) {
        colour |= (<u64>load<u16>(at)) << ((<u64>c) << 4);
        at += 2;
      } else {
        colour |= (<u64>load<u8>(at)) << ((<u64>c) << 4);
        at++;
      }
    }
    store<u64>(packed + ((<usize>i) << 3), colour);
  }
}

function unpack(): void {
  let at = samples;
  for (let i = 0; i < width * height; i++) {
    const colour = colourOf(pixelAt(i));
    for (let c = 0; c < channels; c++) {
      const sample = colour >> ((<u64>c) << 4);
      if (depth > 8) {
        store<u16>(at, <u16>sample);
        at += 2;
      } else {
        store<u8>(at, <u8>sample);
        at++;
      }
    }
  }
}
