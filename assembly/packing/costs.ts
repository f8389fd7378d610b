/** What tokens cost with a block's codes, in 1/16 bit. */
import {
  DISTANCE_SYMBOLS,
  MAX_MATCH,
  MIN_MATCH,
  distanceExtra,
  distanceSymbol,
  lengthExtra,
  lengthSymbol,
} from './symbols';

export const BIT: i32 = 16;
/** The cost of a token whose symbol has no code. */
export const NEVER: i32 = 1 << 20;

/** i32 each: of literals, of lengths, of distance symbols. */
const literals: usize = memory.data(256 * 4, 4);
const lengths: usize = memory.data(259 * 4, 4);
const distances: usize = memory.data(DISTANCE_SYMBOLS * 4, 4);

function bitsOf(length: i32): i32 {
  return length === 0 ? NEVER : length * BIT;
}

/** Sets the costs of a block with these code lengths, u8[288] and u8[32]. */
export function setCosts(literalLengths: usize, distanceLengths: usize): void {
  for (let s: usize = 0; s < 256; s++) store<i32>(literals + (s << 2), bitsOf(<i32>load<u8>(literalLengths + s)));
  for (let n = MIN_MATCH; n <= MAX_MATCH; n++) {
    const s = lengthSymbol(n);
    store<i32>(lengths + ((<usize>n) << 2), bitsOf(<i32>load<u8>(literalLengths + <usize>s)) + lengthExtra(s) * BIT);
  }
  for (let s = 0; s < 30; s++) {
    store<i32>(
      distances + ((<usize>s) << 2),
      bitsOf(<i32>load<u8>(distanceLengths + <usize>s)) + distanceExtra(s) * BIT,
    );
  }
}

export function literalCost(byte: u8): i32 {
  return load<i32>(literals + ((<usize>byte) << 2));
}

export function lengthCost(length: i32): i32 {
  return load<i32>(lengths + ((<usize>length) << 2));
}

export function distanceCost(distance: i32): i32 {
  return load<i32>(distances + ((<usize>distanceSymbol(distance)) << 2));
}
