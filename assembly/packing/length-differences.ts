/** Codes code lengths as differences from those that a construction gives for the frequencies of symbols. */
import { fold } from '../palette/hash';
import { TABLE, codeNumber, context, decide, decideBy } from './coding';
import { LITERAL_SYMBOLS } from './symbols';

/** What decisions are about. */
const DIRECTION: u32 = 11;
const SIZE: u32 = 12;

/** The lengths that the frequencies suggest, u8. */
export const expected: usize = memory.data(LITERAL_SYMBOLS);

/** Codes lengths, u8[symbols], as differences from `expected`; those from `count` on are 0. */
export function codeDifferences(lengths: usize, count: i32, symbols: i32, used: usize, which: u32): void {
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
