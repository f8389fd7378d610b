/** Codes the tokens of a block: literal or match, which match, and what no search predicts. */
import { fold } from '../palette/hash';
import { CHOSEN, MATCHED, codeEvenly, codeNumber, context, decide, decideBy, isDecoding } from './coding';
import { BIT, distanceCost, lengthCost, literalCost } from './costs';
import { forgetFronts, isUnfinished, openFront } from './fronts';
import { betterThan, farthest, longest, look, second, startLooks, steps } from './looks';
import { collectOptions, optionCost, optionCount, optionDistance, optionLength } from './options';
import { distanceOf, distanceRank, isMatch } from './chain-walks';
import { insertFirst, insertToken, maxSteps, sparse } from './chains';
import { surpriseCount, surprises } from './vision';
import { openPath, restAt } from './shortest-path';
import { MAX_DISTANCE, MAX_MATCH, MIN_MATCH, distanceSymbol } from './symbols';

/** What decisions are about. */
const LENGTH: u32 = 20;
const RANK: u32 = 22;
const ODD: u32 = 24;
const SURPRISE: u32 = 26;

/** The coded token: length 1 for a literal; whether a length of 258 is coded with symbol 284. */
export let tokenLength: i32 = 0;
export let tokenDistance: i32 = 0;
export let tokenOdd: bool = false;

let raw: usize = 0;
let rawLength: i32 = 0;
let optimal: bool = false;
let oddLengths: bool = false;

/** Of the tokens before: one bit each, the last one's length, the longest match where a literal was chosen instead. */
let history: u32 = 0;
let lastLength: i32 = 1;
let lastDistance: i32 = 0;
let lastDeclined: i32 = 0;
let literalsSince: i32 = 0;
let rankHistory: u32 = 0;
let halfLength: i32 = 0;
/** Number of the token, and of the next one that is a surprise, -1 for none. */
let number: i32 = 0;
let nextSurprise: i32 = 0;
let surprisesCoded: i32 = 0;

export function startTokens(bytes: usize, length: i32, isOptimal: bool, hasOddLengths: bool): void {
  raw = bytes;
  rawLength = length;
  startLooks(length);
  optimal = isOptimal;
  oddLengths = hasOddLengths;
  history = 0;
  lastLength = 1;
  lastDistance = 0;
  lastDeclined = 0;
  literalsSince = 0;
  rankHistory = 0;
  number = 0;
  nextSurprise = -1;
  surprisesCoded = 0;
  codeNextSurprise();
}

/** Returns a difference of costs as a grade, 0 to 31; 16 for none. */
function gradeOf(difference: i32): i32 {
  const d = abs(difference);
  const g = d === 0 ? 0 : d < BIT ? 1 + (d >> 2) : d < 4 * BIT ? 4 + (d >> 4) : d < 16 * BIT ? 7 + (d >> 5) : 15;
  return 16 + (difference < 0 ? -g : g);
}

/**
 * Codes the token at position p. Returns false if a decoded one is impossible.
 * @param end of the block, for an optimal parser
 * @param length of the token, 1 for a literal, its distance, and whether a length of 258 has symbol 284; ignored when
 *   decoding
 */
export function codeToken(p: i32, end: i32, length: i32, distance: i32, odd: bool): bool {
  if (optimal) openPath(p);
  if (sparse) forgetFronts();
  const n = openFront(p);
  const seen = n > 0 || isUnfinished(p);
  tokenLength = 1;
  tokenDistance = 0;
  tokenOdd = false;
  if (nextSurprise === number) {
    if (!codeSurprise(p, length, distance)) return false;
    codeNextSurprise();
  } else if (seen) {
    collectOptions(p, end, optimal);
    if (codeMatched(p, length > 1)) {
      history = (history << 1) | 1;
      if (!codeMatch(p, length, distance)) return false;
    } else {
      history <<= 1;
    }
  }
  if (tokenLength === 1) {
    lastDeclined = seen ? longest : 0;
    literalsSince = min(literalsSince + 1, 1199);
  } else {
    if (oddLengths && tokenLength === MAX_MATCH) tokenOdd = decideBy(odd, ODD, 0, 0);
    lastDeclined = 0;
    lastDistance = tokenDistance;
    literalsSince = 0;
  }
  lastLength = tokenLength;
  number++;
  insertToken(p, tokenLength);
  return true;
}

/** Codes after how many tokens the next surprise comes; 0 if there is none. */
function codeNextSurprise(): void {
  let gap: u32 = 0;
  if (!isDecoding() && surprisesCoded < surpriseCount) {
    gap = load<u32>(surprises + ((<usize>surprisesCoded) << 2)) - <u32>nextSurprise;
    surprisesCoded++;
  }
  gap = codeNumber(gap, SURPRISE, 0);
  nextSurprise = gap === 0 ? -1 : nextSurprise + <i32>gap;
}

function codeMatched(p: i32, matched: bool): bool {
  const here = raw + <usize>p;
  let gain = 16;
  let margin = 16;
  const cheapest = optionLength(0);
  if (cheapest > 0) {
    let saved: i32 = 0;
    for (let i = 0; i < min(cheapest, 12); i++) saved += min(literalCost(load<u8>(here + <usize>i)), 15 * BIT);
    gain = gradeOf(saved - min(lengthCost(cheapest), 30 * BIT) - min(distanceCost(optionDistance(0)), 30 * BIT));
    if (optimal) margin = gradeOf(optionCost(0) - (literalCost(load<u8>(here)) + restAt(p + 1)));
  }
  // After a literal that a lazy parser chose, it has searched this position with half of the steps.
  const half = max(1, maxSteps >> 1);
  look(p, lastDeclined > 0 ? half : maxSteps);
  const l = longest;
  const d = farthest;
  let l1 = 0;
  let l2 = 0;
  let d1 = 0;
  let better1: u32 = 0;
  let better2: u32 = 0;
  if (sparse) {
    insertFirst(p);
  } else {
    look(p + 2, max(1, maxSteps >> 2));
    l2 = longest;
    better2 = betterThan(l, d);
  }
  look(p + 1, half);
  better1 = betterThan(l, d);
  look(p + 1, maxSteps);
  l1 = longest;
  d1 = distanceSymbol(farthest);
  look(p, maxSteps);
  const lengthHere = <u32>min(longest, 40);
  const next = <u32>min(l1, 40);
  const symbol = <u32>distanceSymbol(farthest);
  const declined = <u32>min(lastDeclined, 20);
  const before = <u32>min(lastLength, 20);
  const two = fold(lengthHere, next);
  const m = <u32>margin;
  const g = <u32>gain;
  const lazy = (better1 << 5) | better2;
  context(0, MATCHED, fold(fold(fold(two, <u32>min(l2, 20)), symbol), history & 1));
  context(1, MATCHED, fold(fold(two, symbol), <u32>d1));
  context(2, MATCHED, fold(fold(lengthHere, <u32>optionDistance(0)), m));
  context(3, MATCHED, fold(fold(two, declined), before));
  context(4, MATCHED, fold(fold(lengthHere, symbol), <u32>min(steps, 63)));
  context(5, MATCHED, fold(fold(two, symbol), m));
  context(6, MATCHED, fold(fold(min(lengthHere, 5), <u32>literalsSince), 6));
  context(7, MATCHED, fold(fold(lazy, <u32>min(l, 20)), declined === 0 ? 0 : 1));
  context(8, MATCHED, fold(fold(lengthHere, g), m));
  context(9, MATCHED, fold(lazy, fold(<u32>distanceSymbol(d), <u32>min(l, 6))));
  context(10, MATCHED, fold(fold(lengthHere, symbol), fold(<u32>min(literalsSince, 20), <u32>(literalsSince % 12))));
  context(11, MATCHED, fold(fold(two, history & 63), m));
  context(12, MATCHED, fold(fold(lengthHere, symbol), fold(before, next)));
  context(13, MATCHED, fold(better1, fold(<u32>min(l, 20), <u32>second)));
  context(14, MATCHED, fold(fold(m, <u32>cheapest), fold(g, next)));
  context(15, MATCHED, fold(fold(m, lengthHere), 15));
  const a = <i32>(min(lengthHere, 15) | (min(next, 7) << 4));
  const b = optimal ? <i32>(m | ((history & 3) << 5)) : <i32>(better1 | (min(better2, 3) << 5));
  const c = <i32>(symbol | (min(<u32>max(0, <i32>next - <i32>lengthHere + 1), 3) << 5));
  return decide(
    matched,
    MATCHED,
    a,
    b,
    c,
    <i32>(min(lengthHere, 7) | ((optimal ? m : better1) << 3)),
    <i32>(g | (min(next, 7) << 5)),
  );
}

/** Codes which match it is. */
function codeMatch(p: i32, length: i32, distance: i32): bool {
  look(p, max(1, maxSteps >> 1));
  halfLength = longest;
  look(p, maxSteps);
  for (let k = 0; k < optionCount; k++) {
    const l = optionLength(k);
    const d = optionDistance(k);
    if (decideOption(k, l === length && d === distance)) {
      tokenLength = l;
      tokenDistance = d;
      rankHistory = (rankHistory << 4) | (<u32>min(k, 14));
      return true;
    }
  }
  rankHistory = (rankHistory << 4) | 15;
  return codeSurprise(p, length, distance);
}

function decideOption(k: i32, one: bool): bool {
  const l = <u32>min(optionLength(k), 63);
  const next = <u32>min(optionLength(k + 1), 63);
  const d = <u32>distanceSymbol(optionDistance(k));
  const m = optimal && k + 1 < optionCount ? <u32>gradeOf(optionCost(k + 1) - optionCost(k)) : 0;
  const lost = optimal ? <u32>gradeOf(optionCost(k) - optionCost(0)) : 0;
  const rank = <u32>min(k, 7);
  const l0 = <u32>min(longest, 63);
  const half =
    (<u32>(optionLength(k) === halfLength)) |
    ((<u32>(lastDeclined > 0)) << 1) |
    ((<u32>(optionLength(k) > lastDeclined)) << 2);
  context(0, CHOSEN, fold(fold(rank, l), m));
  context(1, CHOSEN, fold(fold(rank, d), m));
  context(2, CHOSEN, fold(fold(rank, l), fold(next, m)));
  context(3, CHOSEN, fold(fold(rank, lost), m));
  context(4, CHOSEN, fold(fold(rank, rankHistory & 15), m));
  context(5, CHOSEN, fold(fold(rank, rankHistory & 255), l));
  context(6, CHOSEN, fold(fold(rank, l0), fold(l, d)));
  context(7, CHOSEN, fold(rank, fold(l, half)));
  context(8, CHOSEN, fold(rank, fold(l0, fold(half, l))));
  context(9, CHOSEN, fold(rank, fold(half, <u32>(optionDistance(k) === lastDistance))));
  context(10, CHOSEN, fold(rank, fold(d, <u32>distanceSymbol(max(1, optionDistance(k + 1))))));
  context(11, CHOSEN, fold(rank, fold(<u32>min(steps, 31), l)));
  context(12, CHOSEN, fold(rank, fold(<u32>optionCount, m)));
  context(13, CHOSEN, fold(rank, fold(<u32>optionDistance(k), 13)));
  context(14, CHOSEN, fold(fold(l, next), fold(d, lost)));
  context(15, CHOSEN, fold(rank, 15));
  const a = <i32>(rank | (min(l, 15) << 3));
  return decide(
    one,
    CHOSEN,
    a,
    <i32>m,
    <i32>(lost | (min(rank, 3) << 5)),
    <i32>((rank << 5) | m),
    <i32>((rank << 5) | lost),
  );
}

/** Codes a match that is no option: its length, and its rank among all matches of this length, or its distance. */
function codeSurprise(p: i32, length: i32, distance: i32): bool {
  const l = codeNumber(<u32>(length - MIN_MATCH), LENGTH, <u32>min(longest, 20));
  if (l > <u32>(MAX_MATCH - MIN_MATCH)) return false;
  tokenLength = <i32>l + MIN_MATCH;
  if (tokenLength > rawLength - p) return false;
  const rank = codeNumber(<u32>(distanceRank(p, tokenLength, distance) + 1), RANK, <u32>min(tokenLength, 10));
  if (rank === 0) tokenDistance = <i32>codeEvenly(<u32>(distance - 1), 15) + 1;
  else tokenDistance = distanceOf(p, tokenLength, <i32>min(rank - 1, <u32>MAX_DISTANCE));
  return tokenDistance > 0 && isMatch(p, tokenLength, tokenDistance);
}
