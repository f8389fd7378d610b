/** Codes whether the current pixel has the colour of a candidate, and the contexts of these decisions. */
import { candidate, collectCandidates, sourcesOf } from './candidates';
import { decide } from './decision';
import { fold, spread } from './hash';
import { matchLength, openMatch } from './matches';
import { BIAS, chooseSecond, chooseWeights, extraInputs } from './mixing';
import { N, NE, NEE, NEEE, NN, NNE, NNN, NNW, NW, NWW, W, WW, WWW, WWWW, rankN, rankNE, rankNW, rankW } from './pixels';
import { colourOf } from './palette';
import { openRecent } from './recent';
import { CONTEXTS, hashes } from './slots';

/** Returned by `codeHit` if no candidate has the colour. */
export const ESCAPED: u32 = 0xffffffff;
/** Rank of an escaped pixel. */
const ESCAPE_RANK: u32 = 9;

/** Bytes of the contexts that include the candidate's colour; the others include its sources. */
const COLOUR_CONTEXT_BYTES: usize = 11 * 4;

/** States of the hashes before the candidate is added, u32[CONTEXTS]. */
const states: usize = memory.data(CONTEXTS * 4, 16);
/** The rank of the last pixel: the index of its candidate. */
export let hitRank: u32 = 0;

let pattern: u32 = 0;
let ranksAround: u32 = 0;

/** Moves to pixel number i in column x: sets its contexts, matches and recent colours. */
export function openPixel(i: i32, x: i32): void {
  const two = fold(fold(1, W), N);
  const three = fold(two, NE);
  const four = fold(three, NW);
  const six = fold(fold(four, WW), NN);
  const eight = fold(fold(six, NEE), NWW);
  const twelve = fold(fold(fold(fold(eight, NNE), NNW), WWW), NNN);
  const along = fold(fold(fold(fold(2, W), WW), WWW), WWWW);
  const down = fold(fold(fold(fold(3, N), NN), NNN), W);
  const ahead = fold(fold(fold(fold(4, N), NE), NEE), NEEE);
  setState(0, twelve);
  setState(1, eight);
  setState(2, six);
  setState(3, four);
  setState(4, three);
  setState(5, two);
  setState(6, along);
  setState(7, down);
  setState(8, ahead);
  setState(9, fold(5, W));
  setState(10, fold(6, N));
  pattern =
    (<u32>(W === N)) |
    ((<u32>(N === NE)) << 1) |
    ((<u32>(N === NW)) << 2) |
    ((<u32>(W === NW)) << 3) |
    ((<u32>(W === WW)) << 4) |
    ((<u32>(N === NN)) << 5);
  const more =
    pattern |
    ((<u32>(NE === NEE)) << 6) |
    ((<u32>(NW === NWW)) << 7) |
    ((<u32>(NN === NNE)) << 8) |
    ((<u32>(NN === NNW)) << 9) |
    ((<u32>(WW === WWW)) << 10) |
    ((<u32>(WW === NWW)) << 11) |
    ((<u32>(NNN === NN)) << 12) |
    ((<u32>(NEEE === NEE)) << 13);
  ranksAround = rankW | (rankN << 4) | (rankNW << 8) | (rankNE << 12);
  setState(11, fold(7, more));
  setState(12, fold(8, ranksAround));
  setState(13, fold(9, x));
  openMatch(0, spread(fold(fold(twelve, NEEE), WWWW)), i);
  openMatch(1, spread(eight), i);
  setState(14, fold(fold(10, min(matchLength(0), 32)), min(matchLength(1), 16)));
  setState(15, 11);
  openRecent(0, spread(six));
  openRecent(1, spread(two));
  openRecent(2, spread(fold(1, W)));
}

/**
 * Codes which candidate has the pixel's colour.
 * @param actual the pixel's colour; ignored when decoding
 * @returns the number of its colour, or ESCAPED
 */
export function codeHit(actual: u64): u32 {
  const n = collectCandidates();
  for (let k = 0; k < n; k++) {
    const number = candidate(k);
    setHashes(number, k);
    if (decideHit(number, actual, k)) {
      hitRank = <u32>k;
      return number;
    }
  }
  hitRank = ESCAPE_RANK;
  return ESCAPED;
}

let sourceBits: u32 = 0;

/** Completes the hashes: contexts of colours with the candidate's number, the others with its sources. */
function setHashes(number: u32, k: i32): void {
  sourceBits = sourcesOf(number);
  const from = (sourceBits << 4) | (<u32>k);
  for (let i: usize = 0; i < COLOUR_CONTEXT_BYTES; i += 4)
    store<u32>(hashes + i, spread(fold(load<u32>(states + i), number)));
  for (let i: usize = COLOUR_CONTEXT_BYTES; i < <usize>CONTEXTS * 4; i += 4) {
    store<u32>(hashes + i, spread(fold(load<u32>(states + i), from)));
  }
}

function decideHit(number: u32, actual: u64, k: i32): bool {
  const from = <i32>sourceBits;
  // Bits 4 and 5: whether the two matches predict the candidate.
  chooseWeights(0, k);
  chooseWeights(1, (k << 6) | ((from & 15) << 2) | ((from >> 4) & 3));
  chooseWeights(2, ((<i32>pattern) << 2) | (from & 3));
  chooseSecond(k);
  store<f32>(extraInputs, BIAS);
  v128.store(extraInputs, f32x4.splat(0), 16);
  const near = <i32>(min(rankW, 3) | (min(rankN, 3) << 2));
  const apm0 = (k << 7) | (from & 127);
  const apm1 = (k << 6) | (near << 2) | (from & 3);
  return decide(colourOf(number) === actual, min(k, 1), apm0, apm1, 0, 0);
}

function setState(i: i32, h: u32): void {
  store<u32>(states + ((<usize>i) << 2), h);
}
