/** Codes the header of a dynamic block: code lengths, the operations that write them, and the code of these. */
import { fold } from '../palette/hash';
import { TABLE, codeEvenly, codeNumber, context, decide, decideBy, isDecoding } from './coding';
import {
  MANY_ZEROS,
  REPEAT,
  ZEROS,
  addOperation,
  clearOperations,
  codeCount,
  codeLengths,
  distanceCount,
  distanceLengths,
  leastRepeat,
  lengthAt,
  literalCount,
  literalLengths,
  operationBits,
  operationCount,
  operations,
  repeats,
  setCodeCount,
  setCounts,
} from './header';
import { buildLengths } from './length-builders';
import {
  DISTANCE_SYMBOLS,
  LENGTH_CODES,
  LITERAL_SYMBOLS,
  ORDER,
  USED_DISTANCE_SYMBOLS,
  USED_LITERAL_SYMBOLS,
} from './symbols';

/** What decisions are about. */
const COUNT: u32 = 10;
const DIRECTION: u32 = 11;
const SIZE: u32 = 12;
const CODES: u32 = 14;

/** Lengths that the frequencies suggest, u8, and those of the block before. */
const expected: usize = memory.data(LITERAL_SYMBOLS);
const earlier: usize = memory.data(LITERAL_SYMBOLS + DISTANCE_SYMBOLS);
const frequencies: usize = memory.data(LENGTH_CODES * 4, 4);
let earlierLiterals: i32 = 0;
let earlierDistances: i32 = 0;

export function startHeaders(): void {
  memory.fill(earlier, 0, <usize>(LITERAL_SYMBOLS + DISTANCE_SYMBOLS));
  earlierLiterals = 257;
  earlierDistances = 1;
}

/** Remembers the codes for the next block. */
function keepLengths(): void {
  memory.copy(earlier, literalLengths, <usize>LITERAL_SYMBOLS);
  memory.copy(earlier + <usize>LITERAL_SYMBOLS, distanceLengths, <usize>DISTANCE_SYMBOLS);
  earlierLiterals = literalCount;
  earlierDistances = distanceCount;
}

function codeCounts(literals: i32, distances: i32): void {
  let a = literalCount;
  let b = distanceCount;
  if (!decideBy(a !== literals, COUNT, 0, 0)) a = literals;
  else a = 257 + <i32>codeEvenly(<u32>(a - 257), 5);
  if (!decideBy(b !== distances, COUNT, 1, 0)) b = distances;
  else b = 1 + <i32>codeEvenly(<u32>(b - 1), 5);
  setCounts(a, b);
}

/** Returns the number of lengths up to the last that is not 0, at least `least`. */
function usedCount(lengths: usize, symbols: i32, least: i32): i32 {
  while (symbols > least && load<u8>(lengths + <usize>(symbols - 1)) === 0) symbols--;
  return symbols;
}

/**
 * Codes the lengths of both codes as differences from those that a construction gives for the frequencies of the
 * block's tokens, u32[288] and u32[32].
 */
export function codeLengthsAfter(builder: i32, literals: usize, distances: usize): void {
  memory.fill(expected, 0, <usize>LITERAL_SYMBOLS);
  buildLengths(builder, literals, USED_LITERAL_SYMBOLS, 15, expected);
  const a = usedCount(expected, USED_LITERAL_SYMBOLS, 257);
  buildLengths(builder, distances, USED_DISTANCE_SYMBOLS, 15, expected);
  memory.fill(expected + <usize>USED_DISTANCE_SYMBOLS, 0, <usize>(DISTANCE_SYMBOLS - USED_DISTANCE_SYMBOLS));
  const b = usedCount(expected, USED_DISTANCE_SYMBOLS, 1);
  codeCounts(a, b);
  codeDifferences(distanceLengths, distanceCount, DISTANCE_SYMBOLS, distances, 1);
  buildLengths(builder, literals, USED_LITERAL_SYMBOLS, 15, expected);
  codeDifferences(literalLengths, literalCount, LITERAL_SYMBOLS, literals, 0);
  keepLengths();
}

/** Codes lengths, u8[symbols], as differences from `expected`; those from `count` on are 0. */
function codeDifferences(lengths: usize, count: i32, symbols: i32, used: usize, which: u32): void {
  let missed: u32 = 0;
  let recent: u32 = 0;
  for (let s: usize = 0; s < <usize>count; s++) {
    const guess = s < <usize>symbols ? <i32>load<u8>(expected + s) : 0;
    const length = <i32>load<u8>(lengths + s);
    const frequency = load<u32>(used + (s << 2));
    const grade = 32 - <u32>clz<u32>(frequency);
    const kind = fold(which, <u32>guess);
    for (let i = 0; i < 16; i += 4) {
      context(i, TABLE, fold(kind, grade));
      context(i + 1, TABLE, fold(kind, recent & 7));
      context(i + 2, TABLE, fold(fold(which, min(missed, 12)), recent & 3));
      context(i + 3, TABLE, fold(fold(kind, frequency), min(missed, 2)));
    }
    const apm = <i32>which;
    let value = guess;
    if (decide(length !== guess, TABLE, <i32>which, guess, <i32>min(missed, 20), apm, apm)) {
      const up = guess === 0 || (guess < 15 && decideBy(length > guess, DIRECTION, which, <u32>guess));
      const by = min(15, 1 + <i32>codeNumber(<u32>(up ? length - guess - 1 : guess - length - 1), SIZE, which));
      value = up ? min(15, guess + by) : max(0, guess - by);
      missed++;
      recent = (recent << 1) | 1;
    } else {
      recent <<= 1;
    }
    store<u8>(lengths + s, <u8>value);
  }
  for (let s: usize = <usize>count; s < <usize>symbols; s++) store<u8>(lengths + s, 0);
}

/** Codes the lengths of both codes, predicted from the block before. */
export function codeLengthsFirst(): void {
  codeCounts(earlierLiterals, earlierDistances);
  codeAlone(literalLengths, literalCount, LITERAL_SYMBOLS, earlier, 0);
  codeAlone(distanceLengths, distanceCount, DISTANCE_SYMBOLS, earlier + <usize>LITERAL_SYMBOLS, 1);
  keepLengths();
}

function codeAlone(lengths: usize, count: i32, symbols: i32, before: usize, which: u32): void {
  let last: u32 = 0;
  let second: u32 = 0;
  let drift: u32 = 8;
  for (let s: usize = 0; s < <usize>count; s++) {
    const old = <u32>load<u8>(before + s);
    const next = s + 1 < <usize>symbols ? <u32>load<u8>(before + s + 1) : 0;
    const zone = which === 1 ? 3 : s < 256 ? 0 : s === 256 ? 1 : 2;
    const length = <u32>load<u8>(lengths + s);
    let node: u32 = 1;
    for (let bit = 3; bit >= 0; bit--) {
      const h = fold(node, zone);
      context(0, TABLE, fold(h, old));
      context(1, TABLE, fold(fold(h, old), last));
      context(2, TABLE, fold(fold(h, last), second));
      context(3, TABLE, fold(h, last));
      context(4, TABLE, fold(fold(h, <u32>s), old));
      context(5, TABLE, fold(fold(h, old), next));
      context(6, TABLE, fold(fold(h, old), drift));
      context(7, TABLE, fold(fold(fold(h, old), last), drift));
      context(8, TABLE, fold(fold(h, <u32>s), 5));
      context(9, TABLE, fold(fold(h, min(<u32>s, 510 - <u32>s) & 255), zone));
      context(10, TABLE, fold(h, (last + second + 1) >> 1));
      context(11, TABLE, fold(fold(h, old), (last + second + next) >> 1));
      context(12, TABLE, fold(fold(h, old), fold(last, next)));
      context(13, TABLE, fold(h, (<u32>s) >> 3));
      context(14, TABLE, fold(fold(h, (<u32>s) >> 2), last));
      context(15, TABLE, h);
      const place = <i32>((zone << 4) | node);
      const one = ((length >> bit) & 1) !== 0;
      node =
        (node << 1) |
        (<u32>(
          decide(
            one,
            TABLE,
            32 + place,
            <i32>((zone << 4) | old),
            <i32>node,
            128 + place,
            128 + <i32>((old << 2) | zone),
          )
        ));
    }
    const value = node & 15;
    store<u8>(lengths + s, <u8>value);
    if (old !== 0 && value !== 0)
      drift = <u32>max(0, min(15, (<i32>drift * 3 + 8 + (<i32>value - <i32>old) * 4 + 2) >> 2));
    second = last;
    last = value;
  }
  for (let s: usize = <usize>count; s < <usize>symbols; s++) store<u8>(lengths + s, 0);
}

/** Returns how many lengths from i on are equal; up to the end of their code if `separate`. */
function runAt(i: i32, separate: bool): i32 {
  const end = separate && i < literalCount ? literalCount : literalCount + distanceCount;
  const length = lengthAt(i);
  let n = 1;
  while (i + n < end && lengthAt(i + n) === length) n++;
  return n;
}

let usualRepeat: i32 = 0;

/** Returns the longest operation that fits, as zlib chooses it; `usualRepeat` is its extra bits. */
function usualOperation(length: i32, run: i32, again: bool): i32 {
  usualRepeat = 0;
  if (length === 0) {
    if (run < 3) return 0;
    if (run < 11) {
      usualRepeat = run - 3;
      return ZEROS;
    }
    usualRepeat = min(run, 138) - 11;
    return MANY_ZEROS;
  }
  if (!again || run < 3) return length;
  usualRepeat = min(run, 6) - 3;
  return REPEAT;
}

/** Returns how many of the header's operations are not the usual ones; encoder only. */
export function unusualOperations(separate: bool): i32 {
  let i = 0;
  let unusual = 0;
  for (let k: usize = 0; k < <usize>operationCount; k++) {
    const operation = <i32>load<u8>(operations + k);
    const repeat = <i32>load<u8>(repeats + k);
    const again = i > 0 && lengthAt(i - 1) === lengthAt(i) && !(separate && i === literalCount);
    const usual = usualOperation(lengthAt(i), runAt(i, separate), again);
    unusual += i32(usual !== operation || usualRepeat !== repeat);
    i += leastRepeat(operation) + repeat;
  }
  return unusual;
}

/** Codes the operations and the code length code. Returns false if they do not write the lengths. */
export function codeOperations(builder: i32, separate: bool): bool {
  const total = literalCount + distanceCount;
  const decoding = isDecoding();
  if (decoding) clearOperations();
  memory.fill(frequencies, 0, <usize>LENGTH_CODES * 4);
  let state: u32 = 0;
  let k: usize = 0;
  for (let i = 0; i < total; k++) {
    const length = lengthAt(i);
    const run = runAt(i, separate);
    const again = i > 0 && lengthAt(i - 1) === length && !(separate && i === literalCount);
    const usual = usualOperation(length, run, again);
    let operation = <i32>load<u8>(operations + k);
    let repeat = <i32>load<u8>(repeats + k);
    const place = (<u32>min(run, 20)) | ((<u32>again) << 5) | ((<u32>(length === 0)) << 6);
    if (decideBy(operation !== usual || repeat !== usualRepeat, CODES, place, state & 3)) {
      const code = <i32>codeEvenly(<u32>max(0, operation - 15), 2);
      operation = code === 0 ? length : code + 15;
      repeat = <i32>codeEvenly(<u32>repeat, operationBits(operation));
      state = (state << 1) | 1;
    } else {
      operation = usual;
      repeat = usualRepeat;
      state <<= 1;
    }
    const at = frequencies + ((<usize>operation) << 2);
    store<u32>(at, load<u32>(at) + 1);
    if (decoding) {
      addOperation(operation, repeat);
      if (operation === REPEAT ? i === 0 || lengthAt(i - 1) !== length : operation > REPEAT && length !== 0)
        return false;
      if (leastRepeat(operation) + repeat > runAt(i, false)) return false;
    }
    i += leastRepeat(operation) + repeat;
  }
  buildLengths(builder, frequencies, LENGTH_CODES, 7, expected);
  codeDifferences(codeLengths, LENGTH_CODES, LENGTH_CODES, frequencies, 2);
  return codeCodeCount();
}

function codeCodeCount(): bool {
  let usual = LENGTH_CODES;
  while (usual > 4 && load<u8>(codeLengths + <usize>load<u8>(ORDER + <usize>(usual - 1))) === 0) usual--;
  let count = usual;
  if (decideBy(codeCount !== usual, COUNT, 2, 0)) count = 4 + <i32>codeEvenly(<u32>(codeCount - 4), 4);
  setCodeCount(count);
  return count >= usual;
}
