import type { PackingCoder } from './packing-coder.js';
import { MAX_LENGTH, MAX_STEPS, configure, visionOf, type Vision } from './vision.js';

/** The bit of the properties of a stream that says that the parser is optimal. */
export const OPTIMAL = 0x20;
/** All of the data, as the end of a trial. */
export const ALL = 0x7fffffff;

/** Codes follow their tokens unless a block has more tokens than this: they are kept until then. */
const MAX_BUFFERED = 2 ** 20;
/** Steps that stand for a tree of depth 1. */
const FAR = 1024;
/** Depth and good length of trees: libdeflate's levels 10, 11 and 12, and of encoders that see everything. */
const TREES = [
  [35, 75],
  [100, 150],
  [300, MAX_LENGTH],
] as const;
/** More than these are a sign that the positions that an encoder inserts are others. */
const MANY_SURPRISES = 4096;
/** An optimal parser does not use the longest match this often, if there are as many matches as these. */
const GREEDY = 0.99;
const MANY_MATCHES = 1000;

/** How an encoder may work: what it sees, and whether its parser is optimal. */
export interface Hypothesis {
  readonly vision: Vision;
  readonly kind: typeof OPTIMAL | 0;
}

/**
 * Returns how the encoder of the stream that was scanned may work: as a known one, as was measured, with either kind of
 * parser, then with trees.
 */
export function hypothesesOf(coder: PackingCoder): Hypothesis[] {
  const vision = visionOf(coder);
  if (vision.rules === 0) return unknownHypotheses(coder);
  // Others may agree with most matches of a known encoder as well.
  coder.wasm.scanUnknown();
  return [{ vision, kind: 0 }, ...unknownHypotheses(coder)];
}

function unknownHypotheses(coder: PackingCoder): Hypothesis[] {
  const { wasm } = coder;
  let vision = visionOf(coder);
  if (vision.wholeLength < MAX_LENGTH) {
    configure(coder, wasm.properties(), vision);
    if (wasm.findSurprises(ALL) <= MANY_SURPRISES) return [{ vision, kind: 0 }];
    wasm.scanAll();
    vision = visionOf(coder);
  }
  if (wasm.matchCount() === 0) return [{ vision, kind: 0 }];
  const measured = kindsOf(wasm).map((kind) => ({ vision, kind }));
  if (vision.maxDistance <= MAX_LENGTH || measured[0]?.kind === measured.at(-1)?.kind) return measured;
  const trees = TREES.map(
    ([depth, niceLength]) =>
      ({
        vision: { ...vision, hash: 0, maxSteps: FAR + depth - 1, maxSteps3: MAX_STEPS, niceLength },
        kind: OPTIMAL,
      }) as const,
  );
  return [...measured, ...trees];
}

/** Returns the kinds of parsers that may have made the tokens. */
function kindsOf(wasm: PackingCoder['wasm']): readonly Hypothesis['kind'][] {
  if (wasm.maxTokens() > MAX_BUFFERED) return [OPTIMAL];
  const isGreedy = wasm.matchCount() >= MANY_MATCHES && wasm.agreeingMatches() >= GREEDY * wasm.matchCount();
  return isGreedy ? [0] : [OPTIMAL, 0];
}
