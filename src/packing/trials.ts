import type { Hypothesis } from './hypotheses.js';

/** Bytes of the data on which all hypotheses are tried, and on which the best ones are, at most. */
const TRIAL_BYTES = 2 ** 16;
const MAX_TRIAL_BYTES = 2 ** 17;
/** Trials of large data go on for longer, most of all while a description has only a few bytes. */
const LARGE_BYTES = 2 ** 21;
const LARGE_TRIAL_BYTES = 2 ** 18;
const LONG_TRIAL_BYTES = 2 ** 20;
const FEW_BYTES = 1000;
/** The smallest description is clearly smaller than the next one, or hardly. */
const CLEAR = 1.15;
const CLEAR_BYTES = 150;
const NEARLY = 1.003;
/** Parsers of the other kind are not tried with trees if they need so many times the bytes. */
const FAR_LARGER = 2;

/** A hypothesis with the bytes of its description of a part of the data. */
interface Trial {
  readonly hypothesis: Hypothesis;
  readonly size: number;
}

/**
 * Encodes the first `most` bytes of the data. Returns the bytes of their description, or `room` if it needs more or is
 * impossible.
 */
export type Encode = (hypothesis: Hypothesis, most: number, room: number) => number;

/**
 * Returns the hypothesis with the smallest description of a part of the data, and of more if another one is near.
 * @param hypotheses those of the parsers first that differ most
 * @param room bytes of the largest description
 */
export function bestOf(hypotheses: readonly Hypothesis[], rawBytes: number, room: number, encode: Encode): Hypothesis {
  let left = hypotheses;
  for (let most = TRIAL_BYTES; left.length > 1;) {
    const trials = tryAll(left, most, room, encode);
    const end = Math.min(rawBytes, enoughBytes(rawBytes, trials[0]!.size));
    left = trials.slice(0, isDecided(trials) || most >= end ? 1 : keptOf(trials, most)).map((t) => t.hypothesis);
    most = Math.min(4 * most, Math.max(end, TRIAL_BYTES));
  }
  return left[0]!;
}

/** Tries hypotheses, each until its description is clearly larger. Returns the others, the smallest description first. */
function tryAll(hypotheses: readonly Hypothesis[], most: number, room: number, encode: Encode): Trial[] {
  const trials: Trial[] = [];
  let limit = room;
  for (const hypothesis of hypotheses) {
    const [first, second] = trials;
    if (trials.length === 2 && first!.hypothesis.kind === 0 && second!.size > clearlyLarger(first!.size, FAR_LARGER))
      break;
    const size = encode(hypothesis, most, limit);
    if (size < limit || trials.length === 0) trials.push({ hypothesis, size });
    trials.sort((a, b) => a.size - b.size);
    limit = Math.min(room, clearlyLarger(trials[0]!.size, CLEAR));
  }
  return trials;
}

/** Returns a size that is clearly larger than another one. */
function clearlyLarger(size: number, factor: number): number {
  return Math.ceil(factor * size) + CLEAR_BYTES;
}

/** Returns whether more of the data would not change the choice, or not matter. */
function isDecided([first, second]: readonly Trial[]): boolean {
  if (!second) return true;
  const { size } = first!;
  return second.size > clearlyLarger(size, CLEAR) || (size > CLEAR_BYTES && second.size <= NEARLY * size);
}

/** Returns the bytes of the data on which the choice is made, given the bytes of the best description so far. */
function enoughBytes(rawBytes: number, size: number): number {
  if (rawBytes <= LARGE_BYTES) return MAX_TRIAL_BYTES;
  return size < FEW_BYTES ? LONG_TRIAL_BYTES : LARGE_TRIAL_BYTES;
}

/** Returns how many hypotheses are tried again: two, and at first one of the other kind as well. */
function keptOf(trials: readonly Trial[], most: number): number {
  return 2 + Number(most === TRIAL_BYTES && new Set(trials.slice(0, 3).map((t) => t.hypothesis.kind)).size > 1);
}
