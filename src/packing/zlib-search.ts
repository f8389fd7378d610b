import { equalBytes } from '../bytes.js';
import type { PackingCoder } from './packing-coder.js';
import { FLUSHES, runZlib, type FlushMode, type Strategy, type ZlibParameters } from './zlib-run.js';

/** Bytes of the data over which candidates are compared first. */
const PREFIXES = [4096, 32768];
/** Tokens this close to the end of a prefix depend on what follows it: zlib's look-ahead, twice. */
const LOOK_AHEAD = 2 * 262;
/** Maximum number of candidates that compress all of the data, or the bytes of data that they compress together. */
const MAX_RUNS = 8;
const MAX_RUN_BYTES = 2 ** 21;
/** Distances that zlib does not use at the end of its window. */
const MARGIN = 262;
const FLUSH_FIXED = 2 ** 31;
const MAX_FLUSHES = 4096;
/** Types of blocks, as bits: no other ones than stored. */
const ONLY_STORED = 1;
const MEM_LEVELS = [8, 9, 7, 6, 5, 4, 3, 2, 1];
/** Levels by the level that the header names, the likeliest first. */
const LEVELS = [
  [1, 2, 3, 4, 5, 6, 7, 8, 9],
  [3, 2, 4, 5, 1, 6, 7, 8, 9],
  [6, 1, 2, 3, 4, 5, 7, 8, 9],
  [9, 8, 7, 1, 2, 3, 4, 5, 6],
] as const;

/**
 * Returns the parameters with which zlib makes `stream`, apart from its header, from `raw`; null if there are none.
 * Candidates are compared by their first tokens, then as a whole.
 * @param coder holds the data, and has scanned the stream
 */
export function findZlibParameters(coder: PackingCoder, stream: Uint8Array, raw: Uint8Array): ZlibParameters | null {
  let candidates = candidatesOf(coder, stream);
  if (candidates.length === 0) return null;
  for (const length of PREFIXES.filter((prefix) => prefix < raw.length)) {
    const most = length - LOOK_AHEAD;
    coder.write('stream', stream.subarray(2));
    const tokens = tokensOf(coder, stream.length - 2, most);
    candidates = candidates.filter((candidate) => startsLike(coder, raw.subarray(0, length), candidate, tokens, most));
  }
  coder.write('stream', stream.subarray(2));
  const runs = Math.max(MAX_RUNS, Math.floor(MAX_RUN_BYTES / (raw.length + 1)));
  return candidates.slice(0, runs).find((candidate) => makes(stream, raw, candidate)) ?? null;
}

/** Returns whether the stream's first tokens are those of a candidate. */
function startsLike(
  coder: PackingCoder,
  prefix: Uint8Array,
  candidate: ZlibParameters,
  tokens: Uint32Array,
  most: number,
): boolean {
  let at = 0;
  const place = coder.view('stream', 2 * prefix.length);
  const done = runZlib(prefix, candidate, (piece) => {
    if (at + piece.length > place.length) return false;
    place.set(piece, at);
    at += piece.length;
    return true;
  });
  if (!done) return false;
  place.copyWithin(0, 2);
  const own = tokensOf(coder, at - 2, most);
  return own.length === tokens.length && own.every((token, i) => token === tokens[i]);
}

function tokensOf({ wasm }: PackingCoder, length: number, most: number): Uint32Array {
  const count = Math.max(0, wasm.tokensOf(length, most));
  return new Uint32Array(wasm.memory.buffer, wasm.tokensAt(), count).slice();
}

/** Returns whether a candidate makes the whole stream; its two bytes of header may differ. */
function makes(stream: Uint8Array, raw: Uint8Array, candidate: ZlibParameters): boolean {
  let at = 0;
  const complete = runZlib(raw, candidate, (piece) => {
    const skipped = at === 0 ? 2 : 0;
    const same = equalBytes(piece.subarray(skipped), stream.subarray(at + skipped, at + piece.length));
    at += piece.length;
    return same;
  });
  return complete && at === stream.length;
}

/** Returns all parameters that the scan of the stream allows. */
function candidatesOf({ wasm }: PackingCoder, stream: Uint8Array): ZlibParameters[] {
  const flushed = flushesOf(wasm);
  if (flushed === null) return [];
  const [cmf = 0, flg = 0] = stream;
  const strategies = strategiesOf(wasm);
  const levels = strategies[0] === 2 || strategies[0] === 3 ? [6] : LEVELS[flg >> 6]!;
  if (wasm.blockTypes() === ONLY_STORED) return usualOf(wasm, levels[0], (cmf >> 4) + 8, flushed);
  const windows = windowsOf((cmf >> 4) + 8, wasm.maxDistance());
  const candidates: ZlibParameters[] = [];
  for (const windowBits of windows) {
    for (const memLevel of memLevelsOf(wasm, flushed.flushes.length > 0)) {
      for (const chromium of [false, true]) {
        for (const level of levels) {
          for (const strategy of strategies) {
            for (const flush of flushed.modes) {
              candidates.push({ level, strategy, memLevel, windowBits, chromium, flush, flushes: flushed.flushes });
            }
          }
        }
      }
    }
  }
  return candidates;
}

type Scan = PackingCoder['wasm'];

/**
 * Returns the usual parameters that may have made stored blocks only. Other ones make the same blocks if no data
 * compress, and none if they do; the sizes of the blocks need few bytes as well.
 */
function usualOf(wasm: Scan, level: number, windowBits: number, { flushes, modes }: Flushed): ZlibParameters[] {
  const memLevels = memLevelsOf(wasm, true).filter((memLevel) => memLevel >= 8);
  return memLevels.flatMap((memLevel) =>
    modes.map((flush) => ({ level, strategy: 0, memLevel, windowBits, chromium: false, flush, flushes })),
  );
}

/** Positions of flushes, and the modes that leave such blocks. */
interface Flushed {
  readonly flushes: number[];
  readonly modes: readonly FlushMode[];
}

/** Returns the positions of flushes and the modes that leave such blocks; null if they are not zlib's. */
function flushesOf(wasm: Scan): Flushed | null {
  const count = wasm.flushCount();
  if (count > MAX_FLUSHES) return null;
  const marks = new Uint32Array(wasm.memory.buffer, wasm.flushesAt(), count);
  const fixed = marks.some((mark) => mark >= FLUSH_FIXED);
  const flushes = Array.from(marks, (mark) => mark % FLUSH_FIXED);
  if (flushes.some((position, i) => position === 0 || position === flushes[i - 1])) return null;
  if (count === 0) return { flushes, modes: [FLUSHES[0]] };
  if (!fixed) return { flushes, modes: [FLUSHES[0], FLUSHES[1]] };
  return marks.every((mark) => mark >= FLUSH_FIXED) ? { flushes, modes: [FLUSHES[2]] } : null;
}

function strategiesOf(wasm: Scan): Strategy[] {
  const hasDynamic = (wasm.blockTypes() & 4) !== 0;
  if (!hasDynamic) return wasm.matchCount() === 0 ? [4, 2, 0, 1] : [4, 0, 1];
  if (wasm.matchCount() === 0) return [2, 0, 1];
  return wasm.maxDistance() === 1 ? [3, 0, 1] : [0, 1];
}

/** Returns the window sizes that contain the largest distance: the declared one, and zlib's usual one. */
function windowsOf(declared: number, maxDistance: number): number[] {
  const fits = (bits: number): boolean => maxDistance <= 2 ** Math.max(bits, 9) - MARGIN;
  return [...new Set([declared, 15])].filter(fits);
}

/** Returns the memory levels whose blocks have the size of the stream's: 2^(memLevel + 6) - 1 tokens unless flushed. */
function memLevelsOf(wasm: Scan, flushed: boolean): number[] {
  const most = wasm.maxTokens();
  const holds = (memLevel: number): boolean => most < 2 ** (memLevel + 6);
  const levels = MEM_LEVELS.filter(holds);
  const hasStored = (wasm.blockTypes() & 1) !== 0;
  if (wasm.blockCount() === 1 || flushed || hasStored) return levels;
  return levels.filter((memLevel) => most === 2 ** (memLevel + 6) - 1);
}
