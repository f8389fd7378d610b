import { decodeVarint, encodeVarint } from '../varint.js';
import type { LzwVariant } from './lzw-codes.js';
import type { LzwRule } from './lzw-model.js';

/** A code that differs from the prediction, after `gap` predicted ones. */
export interface LzwException {
  readonly gap: number;
  readonly code: number;
}

/** What follows the last value. */
export type LzwTail =
  /** The end code; before it a clear code if the table is due to be cleared (libtiff). */
  | 'clear-and-end'
  /** The end code. */
  | 'end'
  /** Bytes, from the one on that the last code ends in. */
  | Uint8Array;

/** How an LZW stream follows from its values. */
export interface LzwDescription {
  readonly variant: LzwVariant;
  readonly rule: LzwRule;
  /** Whether the stream begins with a clear code. */
  readonly clearsFirst: boolean;
  readonly exceptions: readonly LzwException[];
  readonly tail: LzwTail;
}

/** Streams with more exceptions are not described, which bounds the time that searching for predictions needs. */
export const MAX_EXCEPTIONS = 65_536;

/** Bits of the first byte; bits 4 and 5 hold the kind of tail. */
const [LSB_FIRST, EARLY_CHANGE, CLEARS_FIRST, RATIO, LITERAL] = [1, 2, 4, 8, 64];

/** Returns the bytes of a description (docs/format/recipe-formats.md). */
export function encodeLzwDescription({ variant, rule, clearsFirst, exceptions, tail }: LzwDescription): Uint8Array {
  const tailKind = tail === 'clear-and-end' ? 0 : tail === 'end' ? 1 : 2;
  const flags =
    (variant.lsbFirst ? LSB_FIRST : 0) |
    (variant.earlyChange ? EARLY_CHANGE : 0) |
    (clearsFirst ? CLEARS_FIRST : 0) |
    (rule.ratio ? RATIO : 0) |
    (rule.literal ? LITERAL : 0);
  const bytes = [flags | (tailKind << 4), variant.valueBits, ...encodeVarint(rule.period)];
  bytes.push(...encodeVarint(exceptions.length));
  for (const { gap, code } of exceptions) bytes.push(...encodeVarint(gap), ...encodeVarint(code));
  if (tail instanceof Uint8Array) for (const byte of tail) bytes.push(byte);
  return Uint8Array.from(bytes);
}

/** Reads a description; null if it is malformed. */
export function decodeLzwDescription(bytes: Uint8Array): LzwDescription | null {
  let at = 0;
  const byte = (): number => bytes[at++] ?? 0; // bytes after the end are noticed below
  const number = (): number => decodeVarint(byte) ?? NaN;
  const flags = byte();
  const has = (bit: number): boolean => (flags & bit) !== 0;
  const variant = { lsbFirst: has(LSB_FIRST), earlyChange: has(EARLY_CHANGE), valueBits: byte() };
  const rule = { period: number(), ratio: has(RATIO), literal: has(LITERAL) };
  const count = number();
  const tailKind = (flags >> 4) & 3;
  if (!(count <= MAX_EXCEPTIONS) || tailKind > 2 || variant.valueBits < 1 || variant.valueBits > 8) return null;
  const exceptions = Array.from({ length: count }, () => ({ gap: number(), code: number() }));
  const isRead = at <= bytes.length && (tailKind === 2 || at === bytes.length);
  const numbers = [rule.period, ...exceptions.flatMap(({ gap, code }) => [gap, code])];
  if (!isRead || numbers.some(Number.isNaN)) return null;
  const tail = tailKind === 2 ? bytes.subarray(at) : tailKind === 0 ? 'clear-and-end' : 'end';
  return { variant, rule, clearsFirst: has(CLEARS_FIRST), exceptions, tail };
}
