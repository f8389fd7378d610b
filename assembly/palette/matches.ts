/**
 * Finds where the neighbourhood of the current pixel occurred last, with two models of different neighbourhood sizes.
 * The colour that followed there is predicted, and so on pixel by pixel as long as the predictions hold.
 */
import { reserve, sizeBits } from './memory';
import { pixelAt } from './pixels';

const MATCHES: i32 = 2;
const MAX_BITS: i32 = 18;
/** Maximum length of a match. */
const MAX_LENGTH: i32 = 65535;

let tables: usize = 0;
let tableBits: i32 = 0;
/** u32[MATCHES]: the pixel that gives the prediction, plus 1, or 0 for none; the length of the match; table entries. */
const sources: usize = memory.data(MATCHES * 4, 16);
const lengths: usize = memory.data(MATCHES * 4, 16);
const places: usize = memory.data(MATCHES * 4, 16);

export function reserveMatches(pixels: i32): void {
  tableBits = sizeBits(<u32>pixels, 6, MAX_BITS);
  tables = reserve(((<usize>4) << tableBits) * <usize>MATCHES);
}

export function startMatches(): void {
  memory.fill(tables, 0, ((<usize>4) << tableBits) * <usize>MATCHES);
  forgetMatches();
}

/** Ends all matches, because pixels were skipped. */
export function forgetMatches(): void {
  memory.fill(sources, 0, MATCHES * 4);
  memory.fill(lengths, 0, MATCHES * 4);
}

/** Moves model m to the current pixel, number i, whose neighbourhood has this hash. */
export function openMatch(m: i32, hash: u32, i: i32): void {
  const at = (<usize>m) << 2;
  const place = tables + ((((<usize>m) << tableBits) + <usize>(hash & ((1 << tableBits) - 1))) << 2);
  store<u32>(places + at, <u32>place);
  if (load<u32>(lengths + at) < 16) {
    const found = load<u32>(place);
    if (found !== 0 && found !== load<u32>(sources + at)) {
      const length = <u32>agreement(<i32>found - 1, i);
      if (length >= load<u32>(lengths + at)) {
        store<u32>(sources + at, found);
        store<u32>(lengths + at, length);
      }
    }
  }
  store<u32>(place, <u32>i + 1);
}

/** Returns how many pixels before j equal those before i, up to 15. */
function agreement(j: i32, i: i32): i32 {
  let n = 0;
  while (n < 15 && j - n > 0 && pixelAt(j - n - 1) === pixelAt(i - n - 1)) n++;
  return n;
}

/** Returns the number of the predicted colour plus one, 0 for none. */
export function matched(m: i32): u32 {
  const source = load<u32>(sources + ((<usize>m) << 2));
  return source === 0 ? 0 : pixelAt(<i32>source - 1) + 1;
}

/** Returns for how many pixels the prediction has held. */
export function matchLength(m: i32): u32 {
  return load<u32>(sources + ((<usize>m) << 2)) === 0 ? 0 : load<u32>(lengths + ((<usize>m) << 2));
}

/** Moves past a pixel of this colour. */
export function learnMatches(number: u32): void {
  for (let m = 0; m < MATCHES; m++) {
    const at = (<usize>m) << 2;
    const source = load<u32>(sources + at);
    if (source === 0) continue;
    const length = load<u32>(lengths + at);
    const held = pixelAt(<i32>source - 1) === number;
    store<u32>(lengths + at, held ? min(length + 1, <u32>MAX_LENGTH) : 0);
    store<u32>(sources + at, source + 1);
  }
}
