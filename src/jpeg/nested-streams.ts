import { PixrnnError } from '../errors.js';
import type { ParsedJpeg } from './parsed-jpeg.js';
import type { LiteralPiece } from './parts.js';
import type { WorkBudget } from './work-budget.js';

/** A JPEG stream at the start of some bytes. */
export interface NestedStream {
  readonly parsed: ParsedJpeg;
  /** Its length in bytes. */
  readonly length: number;
}

/** A piece of the file, split into literals and nested streams. */
export interface SplitPiece {
  readonly piece: LiteralPiece;
  readonly literals: readonly Uint8Array[];
  readonly nested: readonly ParsedJpeg[];
}

/** A shorter stream saves nothing: its tables alone are about as long. */
const MIN_STREAM_BYTES = 256;

/** Returns a piece that is all literal. */
export function literalPiece(bytes: Uint8Array): SplitPiece {
  return { piece: { length: bytes.length, nested: [] }, literals: [bytes], nested: [] };
}

/**
 * Splits bytes into literals and the JPEG streams between them.
 * @param parse parses the stream at the start of some bytes; null if it cannot be rebuilt exactly
 */
export function splitPiece(
  bytes: Uint8Array,
  parse: (bytes: Uint8Array) => NestedStream | null,
  budget: WorkBudget,
): SplitPiece {
  const literals: Uint8Array[] = [];
  const nested: ParsedJpeg[] = [];
  const offsets: number[] = [];
  let length = 0;
  let from = 0;
  const addLiteral = (end: number): void => {
    literals.push(bytes.subarray(from, end));
    length += end - from;
  };
  for (let at = nextStream(bytes, 0); at >= 0 && !budget.isSpent;) {
    const stream = tryParse(() => {
      budget.charge(MIN_STREAM_BYTES);
      return parse(bytes.subarray(at));
    });
    if (stream === null) {
      at = nextStream(bytes, at + 1);
      continue;
    }
    addLiteral(at);
    nested.push(stream.parsed);
    offsets.push(length);
    from = at + stream.length;
    at = nextStream(bytes, from);
  }
  addLiteral(bytes.length);
  return { piece: { length, nested: offsets }, literals, nested };
}

/** Returns the offset of the next SOI marker that another marker follows, or -1. */
function nextStream(bytes: Uint8Array, from: number): number {
  const last = bytes.length - MIN_STREAM_BYTES;
  for (let at = bytes.indexOf(0xff, from); at >= 0 && at <= last; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === 0xd8 && bytes[at + 2] === 0xff) return at;
  }
  return -1;
}

function tryParse<T>(parse: () => T | null): T | null {
  try {
    return parse();
  } catch (error) {
    if (error instanceof PixrnnError) return null;
    throw error;
  }
}
