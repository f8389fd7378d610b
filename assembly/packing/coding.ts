/**
 * Decisions of a description, with the mixing of the palette coder (palette/decision.ts): 16 hashed contexts, of which
 * a caller sets some with `context`.
 */
import * as decision from '../palette/decision';
import { fold, spread } from '../palette/hash';
import { reserveMaps, startMaps } from '../palette/maps';
import {
  BIAS,
  ESCAPE_VECTORS,
  chooseSecond,
  chooseWeights,
  extraInputs,
  reserveMixing,
  startMixing,
} from '../palette/mixing';
import { CONTEXTS, clearSlots, hashes, reserveSlots } from '../palette/slots';

/** Kinds of decisions: each has maps and weights of its own. */
export const MATCHED: i32 = 0;
export const CHOSEN: i32 = 1;
export const NUMBER: i32 = 2;
export const TABLE: i32 = 3;

/** The slots are those of a tile of so many pixels: 2^20. */
const SLOT_PIXELS: i32 = 1 << 14;

let decoding: bool = false;

export function reserveCoding(): void {
  reserveSlots(SLOT_PIXELS);
  reserveMaps();
  reserveMixing();
  decision.reserveApms();
}

export function startCoding(decode: bool): void {
  decoding = decode;
  clearSlots();
  startMaps();
  startMixing();
  decision.startDecisions(decode);
  v128.store(extraInputs, f32x4.splat(0));
  v128.store(extraInputs, f32x4.splat(0), 16);
}

export function isDecoding(): bool {
  return decoding;
}

/** Sets context i, 0 to 15. */
export function context(i: i32, kind: i32, h: u32): void {
  store<u32>(hashes + ((<usize>i) << 2), spread(fold(fold(<u32>i * 4 + <u32>kind, h), 77)));
}

/**
 * Codes a decision with the contexts that were set, and returns it.
 * @param a vector of set 0, b of set 1, c of set 2: 0 to 127
 * @param apm0 0 to 255, apm1 0 to 255: APMs
 */
export function decide(one: bool, kind: i32, a: i32, b: i32, c: i32, apm0: i32, apm1: i32): bool {
  chooseWeights(0, (kind << 7) | a);
  chooseWeights(1, (kind << 7) | b);
  chooseWeights(2, (kind << 7) | c);
  chooseSecond((kind << 3) | (a & 7));
  store<f32>(extraInputs, BIAS);
  return decision.decide(one, kind, (kind << 8) | apm0, (kind << 8) | apm1, kind === MATCHED ? 0 : ESCAPE_VECTORS, 0);
}

/** Codes a decision in few contexts: three numbers, of which the first says what it is about. */
export function decideBy(one: bool, about: u32, x: u32, y: u32): bool {
  for (let i = 0; i < CONTEXTS; i++) {
    const h = i & 3;
    context(i, NUMBER, fold(fold(fold(about, (h & 1) === 0 ? x : 99), (h & 2) === 0 ? y : 99), <u32>(i >> 2)));
  }
  return decide(one, NUMBER, <i32>(about & 63), <i32>(x & 127), <i32>(y & 127), <i32>(about & 63), <i32>(x & 127));
}

/** Codes n bits of a number with probability 1/2 each. */
export function codeEvenly(value: u32, n: i32): u32 {
  let result: u32 = 0;
  for (let i = n - 1; i >= 0; i--) result = (result << 1) | (<u32>decision.decideEvenly(((value >> i) & 1) !== 0));
  return result;
}

/** Codes a number below 2^31: how many bits value + 1 has, then the bits, of which the first three are modelled. */
export function codeNumber(value: u32, about: u32, x: u32): u32 {
  const n = 31 - <i32>clz<u32>(value + 1);
  let bits = 0;
  while (bits < 31 && decideBy(n > bits, about, x, <u32>bits)) bits++;
  let result: u32 = 1;
  const modelled = min(bits, 3);
  for (let i = 1; i <= modelled; i++) {
    const bit = ((value + 1) >> (bits - i)) & 1;
    result = (result << 1) | (<u32>decideBy(bit !== 0, about + 1, ((<u32>bits) << 4) | result, x));
  }
  const rest = bits - modelled;
  result = (result << rest) | codeEvenly((value + 1) & ((1 << rest) - 1), rest);
  return result - 1;
}
