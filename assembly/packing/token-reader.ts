/** Reads the tokens of a compressed block. */
import { reserve } from '../palette/memory';
import { bitsToBoundary, exhausted, peekBits, readBits, skipBits, startReading } from './bit-reader';
import { distanceLengths, literalLengths, readHeader, setFixedLengths } from './header';
import { TABLE_BYTES, fillTable } from './prefix-codes';
import {
  DISTANCE_SYMBOLS,
  END_OF_BLOCK,
  LITERAL_SYMBOLS,
  MAX_MATCH,
  USED_DISTANCE_SYMBOLS,
  USED_LITERAL_SYMBOLS,
  distanceBase,
  distanceExtra,
  lengthBase,
  lengthExtra,
} from './symbols';

let literalTable: usize = 0;
let distanceTable: usize = 0;

/** The token: length 1 for a literal, 0 for the end of the block; symbols; whether 258 is coded with symbol 284. */
export let length: i32 = 0;
export let distance: i32 = 0;
export let literal: i32 = 0;
export let odd: bool = false;

export function reserveReader(): void {
  literalTable = reserve(TABLE_BYTES);
  distanceTable = reserve(TABLE_BYTES);
}

/** Sets the codes, u8[288] and u8[32] lengths. Returns false if they are no codes. */
export function openTokens(literals: usize, distances: usize): bool {
  return fillTable(literals, LITERAL_SYMBOLS, literalTable) && fillTable(distances, DISTANCE_SYMBOLS, distanceTable);
}

function symbolOf(table: usize): i32 {
  const entry = <i32>load<u16>(table + ((<usize>((<u32>peekBits()) & 0x7fff)) << 1));
  skipBits(entry & 15);
  return entry === 0 ? -1 : entry >> 4;
}

/** Reads a token. Returns false if the stream has none. */
export function readToken(): bool {
  const symbol = symbolOf(literalTable);
  odd = false;
  if (symbol < 256) {
    literal = symbol;
    length = 1;
    distance = 0;
    return symbol >= 0 && !exhausted();
  }
  if (symbol === END_OF_BLOCK) {
    length = 0;
    return !exhausted();
  }
  if (symbol >= USED_LITERAL_SYMBOLS) return false;
  length = lengthBase(symbol) + <i32>readBits(lengthExtra(symbol));
  odd = symbol === 284 && length === MAX_MATCH;
  const d = symbolOf(distanceTable);
  if (d < 0 || d >= USED_DISTANCE_SYMBOLS) return false;
  distance = distanceBase(d) + <i32>readBits(distanceExtra(d));
  return !exhausted();
}

/**
 * Reads tokens up to position `most` of the data into u32[room]: length and distance in 16 bits each. Returns their
 * number, -1 if the stream is damaged.
 */
export function readTokens(stream: usize, bytes: i32, tokens: usize, room: i32, most: i32): i32 {
  startReading(stream, bytes);
  let count = 0;
  let p = 0;
  for (let final = false; !final;) {
    final = readBits(1) !== 0;
    const type = <i32>readBits(2);
    if (type > 2 || exhausted()) return -1;
    let stored = 0;
    if (type === 0) {
      readBits(bitsToBoundary());
      stored = <i32>readBits(16);
      readBits(16);
    } else {
      if (type === 1) setFixedLengths(literalLengths, distanceLengths);
      else if (!readHeader()) return -1;
      if (!openTokens(literalLengths, distanceLengths)) return -1;
    }
    while (type !== 0 || stored > 0) {
      if (p >= most || count === room) return count;
      if (type === 0) {
        readBits(8);
        stored--;
        length = 1;
        distance = 0;
      } else if (!readToken()) {
        return -1;
      }
      if (length === 0) break;
      store<u32>(tokens + ((<usize>count) << 2), ((<u32>length) << 16) | (<u32>distance));
      count++;
      p += length;
    }
    if (exhausted()) return -1;
  }
  return count;
}
