/** Codes the code lengths of a dynamic block: from the frequencies of its tokens, or from the block before. */
import { fold } from '../palette/hash';
import { TABLE, codeEvenly, context, decide, decideBy } from './coding';
import { distanceCount, distanceLengths, literalCount, literalLengths, setCounts } from './header';
import { buildLengths } from './length-builders';
import { codeDifferences, expected } from './length-differences';
import { DISTANCE_SYMBOLS, LITERAL_SYMBOLS, USED_DISTANCE_SYMBOLS, USED_LITERAL_SYMBOLS } from './symbols';

/** What decisions are about. */
export const COUNT: u32 = 10;

/** The lengths of the block before, u8, and their numbers. */
const earlier: usize = memory.data(LITERAL_SYMBOLS + DISTANCE_SYMBOLS);
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
