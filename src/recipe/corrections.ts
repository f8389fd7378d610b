import { encodeVarint } from '../varint.js';
import { type FieldReader, FieldWriter, malformedRecipe } from './fields.js';

/*
 * Bytes of a stream that do not follow from the samples, such as padding that is not zero.
 */

/** More corrections, as a part of all bytes, are a sign that the bytes are not those of the samples. */
const [MAX_PART, MAX_CONSTANT] = [1 / 16, 64];

/**
 * Returns the fields that turn `expected` into `actual`: the number of bytes that differ, and for each the number of
 * equal bytes before it and its value. Null if the lengths or too many bytes differ.
 */
export function correctionsOf(expected: Uint8Array, actual: Uint8Array): Uint8Array | null {
  if (expected.length !== actual.length) return null;
  const max = expected.length * MAX_PART + MAX_CONSTANT;
  const bytes: number[] = [];
  let [count, end] = [0, 0];
  for (let at = 0; at < actual.length; at++) {
    if (actual[at] === expected[at]) continue;
    if (++count > max) return null;
    bytes.push(...encodeVarint(at - end), actual[at]!);
    end = at + 1;
  }
  return new FieldWriter().number(count).bytes(Uint8Array.from(bytes)).finish();
}

/**
 * Reads corrections and applies them in place.
 * @throws PixrnnError 'file-corrupt'
 */
export function applyCorrections(bytes: Uint8Array, fields: FieldReader): void {
  let at = 0;
  for (let count = fields.number(fields.remaining); count > 0; count--) {
    at += fields.number(bytes.length);
    if (at >= bytes.length) throw malformedRecipe();
    bytes[at++] = fields.bytes(1)[0]!;
  }
}

/** The fields of a stream without corrections. */
export const NO_CORRECTIONS = new FieldWriter().number(0).finish();
