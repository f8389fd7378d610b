import { concatBytes, equalBytes } from '../bytes.js';
import { encodeVarint } from '../varint.js';
import { ByteCursor } from './byte-cursor.js';
import { FLUSHES, STRATEGIES, runZlib, type FlushMode, type ZlibParameters } from './zlib-run.js';

/*
 * Descriptions of streams that zlib makes. First byte: level, strategy << 4. Second: windowBits - 8, memLevel << 3, and
 * bit 7 if a byte of options follows.
 */
const MORE = 0x80;
const CHROMIUM = 1;
const HEADER = 2;
const FLUSHED = 4;
const TRAILING = 8;
const MAX_FLUSHES = 4096;

/** Returns whether a description holds zlib's parameters: bit 7 of its first byte is 0. */
export function isParameters(description: Uint8Array): boolean {
  return description[0]! < 0x80;
}

/**
 * Returns the description of a stream that zlib makes except for its header, followed by other bytes.
 * @param stream the stream without those
 */
export function describeParameters(p: ZlibParameters, stream: Uint8Array, trailing: Uint8Array): Uint8Array {
  const header = stream.subarray(0, 2);
  const others = !equalBytes(header, zlibHeader(p));
  const options =
    (p.chromium ? CHROMIUM : 0) |
    (others ? HEADER : 0) |
    (p.flushes.length > 0 ? FLUSHED : 0) |
    (trailing.length > 0 ? TRAILING : 0);
  return concatBytes([
    Uint8Array.of(p.level | (p.strategy << 4), (p.windowBits - 8) | (p.memLevel << 3) | (options === 0 ? 0 : MORE)),
    Uint8Array.from(options === 0 ? [] : [options]),
    others ? header : new Uint8Array(0),
    Uint8Array.from(p.flushes.length > 0 ? describeFlushes(p) : []),
    trailing,
  ]);
}

/** Returns the parts of a stream of at most `maxBytes`, or null. */
export function rebuildFromParameters(description: Uint8Array, raw: Uint8Array, maxBytes: number): Uint8Array[] | null {
  const cursor = new ByteCursor(description);
  const first = cursor.byte();
  const second = cursor.byte();
  const options = second < MORE ? 0 : cursor.byte();
  const header = (options & HEADER) === 0 ? null : cursor.take(2);
  const flushed = (options & FLUSHED) === 0 ? { flush: FLUSHES[0], flushes: [] } : readFlushes(cursor, raw.length);
  const trailing = (options & TRAILING) === 0 ? new Uint8Array(0) : cursor.rest();
  const strategy = STRATEGIES[first >> 4];
  const level = first & 15;
  const memLevel = (second >> 3) & 15;
  if (cursor.failed || strategy === undefined || level < 1 || level > 9 || memLevel < 1 || memLevel > 9) return null;
  if (!flushed || options > 15 || cursor.rest().length > 0) return null;
  const windowBits = 8 + (second & 7);
  const parameters = { level, strategy, memLevel, windowBits, chromium: (options & CHROMIUM) !== 0, ...flushed };
  const pieces: Uint8Array[] = [];
  let room = maxBytes - trailing.length;
  const complete = runZlib(raw, parameters, (piece) => {
    room -= piece.length;
    pieces.push(piece.slice());
    return room >= 0;
  });
  if (!complete || room < 0) return null;
  if (header) pieces[0]?.set(header);
  return [...pieces, trailing];
}

/** Returns the header that zlib writes. */
function zlibHeader({ level, strategy, windowBits }: ZlibParameters): Uint8Array {
  const cmf = ((Math.max(windowBits, 9) - 8) << 4) | 8;
  const named = strategy >= 2 || level < 2 ? 0 : level < 6 ? 1 : level === 6 ? 2 : 3;
  const flg = named << 6;
  return Uint8Array.of(cmf, flg + 31 - ((cmf * 256 + flg) % 31));
}

/** Returns the mode and the positions, as distances from the one before and how often each repeats. */
function describeFlushes({ flush, flushes }: ZlibParameters): number[] {
  const runs: { step: number; count: number }[] = [];
  flushes.forEach((position, i) => {
    const step = position - (flushes[i - 1] ?? 0);
    const last = runs.at(-1);
    if (last?.step === step) last.count++;
    else runs.push({ step, count: 1 });
  });
  const numbers = [FLUSHES.indexOf(flush), runs.length, ...runs.flatMap(({ step, count }) => [step, count])];
  return numbers.flatMap((number) => encodeVarint(number));
}

/** Reads what `describeFlushes` wrote; null if positions are not in the data. */
function readFlushes(cursor: ByteCursor, rawBytes: number): { flush: FlushMode; flushes: number[] } | null {
  const flush = FLUSHES[cursor.varint()];
  const runs = cursor.varint();
  const flushes: number[] = [];
  let position = 0;
  for (let i = 0; i < runs && !cursor.failed; i++) {
    const step = cursor.varint();
    const count = cursor.varint();
    if (step === 0 || count === 0 || count > MAX_FLUSHES - flushes.length) return null;
    for (let k = 0; k < count; k++) flushes.push((position += step));
  }
  return flush === undefined || position > rawBytes ? null : { flush, flushes };
}
