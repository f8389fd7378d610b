/** Writes the tokens of a compressed block. */
import { writeBits } from './bit-writer';
import { fillWords } from './prefix-codes';
import {
  DISTANCE_SYMBOLS,
  END_OF_BLOCK,
  LITERAL_SYMBOLS,
  distanceBase,
  distanceExtra,
  distanceSymbol,
  lengthBase,
  lengthExtra,
  lengthSymbol,
} from './symbols';

const literalWords: usize = memory.data(LITERAL_SYMBOLS * 2, 4);
const distanceWords: usize = memory.data(DISTANCE_SYMBOLS * 2, 4);
let literals: usize = 0;
let distances: usize = 0;

/** Sets the codes, u8[288] and u8[32] lengths. Returns false if they are no codes. */
export function openWriting(literalLengths: usize, distanceLengths: usize): bool {
  literals = literalLengths;
  distances = distanceLengths;
  return fillWords(literals, LITERAL_SYMBOLS, literalWords) && fillWords(distances, DISTANCE_SYMBOLS, distanceWords);
}

function writeSymbol(lengths: usize, words: usize, symbol: i32): bool {
  const n = <i32>load<u8>(lengths + <usize>symbol);
  writeBits(<u32>load<u16>(words + ((<usize>symbol) << 1)), n);
  return n !== 0;
}

/** Returns false if the byte has no code. */
export function writeLiteral(byte: u8): bool {
  return writeSymbol(literals, literalWords, <i32>byte);
}

export function writeEnd(): bool {
  return writeSymbol(literals, literalWords, END_OF_BLOCK);
}

/** Returns false if the match has no code. */
export function writeMatch(length: i32, distance: i32, odd: bool): bool {
  const symbol = odd ? 284 : lengthSymbol(length);
  if (!writeSymbol(literals, literalWords, symbol)) return false;
  writeBits(<u32>(length - lengthBase(symbol)), lengthExtra(symbol));
  const d = distanceSymbol(distance);
  if (!writeSymbol(distances, distanceWords, d)) return false;
  writeBits(<u32>(distance - distanceBase(d)), distanceExtra(d));
  return true;
}
