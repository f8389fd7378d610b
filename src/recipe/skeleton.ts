import { concatBytes, viewOf } from '../bytes.js';
import { type FieldReader, type FieldWriter, malformedRecipe } from './fields.js';
import type { Part } from './format.js';

/*
 * The skeleton of a source file is what remains without the parts of its image data. It is coded as literals and copies
 * from a dictionary that the decoder has as well.
 */

/** Returns a source file without its parts, which are in the order of the file. */
export function skeletonOf(source: Uint8Array, parts: readonly Part[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  let end = 0;
  for (const { offset, length } of parts) {
    pieces.push(source.subarray(end, offset));
    end = offset + length;
  }
  return concatBytes([...pieces, source.subarray(end)]);
}

/** Returns the source file. The parts must lie in it one after the other. */
export function joinSource(
  skeleton: Uint8Array,
  parts: readonly (Part & { readonly bytes: Uint8Array })[],
): Uint8Array {
  const pieces: Uint8Array[] = [];
  let [end, used] = [0, 0];
  for (const { offset, length, bytes } of parts) {
    pieces.push(skeleton.subarray(used, used + offset - end), bytes);
    used += offset - end;
    end = offset + length;
  }
  return concatBytes([...pieces, skeleton.subarray(used)]);
}

/** Minimum length of a copy; shorter ones cost as much as literals. */
const MIN_COPY = 8;
const HASH_BITS = 16;

/** Writes the skeleton as pairs of a literal and a copy from the dictionary, up to its end. */
export function writeSkeleton(skeleton: Uint8Array, dictionary: Uint8Array, fields: FieldWriter): void {
  const find = copyFinder(skeleton, dictionary);
  let literal = 0;
  for (let at = 0; at < skeleton.length;) {
    const { from, length } = find(at);
    if (length < MIN_COPY) {
      at++;
      continue;
    }
    fields.block(skeleton.subarray(literal, at)).number(length).number(from);
    at += length;
    literal = at;
  }
  if (literal < skeleton.length) fields.block(skeleton.subarray(literal));
}

/**
 * Reads a skeleton.
 * @throws PixrnnError 'file-corrupt' if literals and copies do not make exactly `length` bytes
 */
export function readSkeleton(fields: FieldReader, dictionary: Uint8Array, length: number): Uint8Array {
  const skeleton = new Uint8Array(length);
  for (let end = 0; end < length;) {
    const literal = fields.bytes(fields.number(length - end));
    skeleton.set(literal, end);
    end += literal.length;
    if (end === length) break;
    const copied = fields.number(length - end);
    const from = fields.number(dictionary.length);
    if (copied < MIN_COPY || copied > dictionary.length - from) throw malformedRecipe();
    skeleton.set(dictionary.subarray(from, from + copied), end);
    end += copied;
  }
  return skeleton;
}

/** Returns a function that finds a long copy for a position of the skeleton: where the last copy goes on, or by hash. */
function copyFinder(skeleton: Uint8Array, dictionary: Uint8Array): (at: number) => { from: number; length: number } {
  const [dictionaryView, skeletonView] = [viewOf(dictionary), viewOf(skeleton)];
  const positions = new Int32Array(2 ** HASH_BITS).fill(-1);
  for (let i = dictionary.length - MIN_COPY; i >= 0; i--) positions[hashAt(dictionaryView, i)] = i;
  let shift = 0; // of the dictionary against the skeleton
  const lengthAt = (at: number, from: number): number => {
    let length = 0;
    while (at + length < skeleton.length && from + length < dictionary.length) {
      if (skeleton[at + length] !== dictionary[from + length]) break;
      length++;
    }
    return length;
  };
  return (at) => {
    if (at + MIN_COPY > skeleton.length) return { from: 0, length: 0 };
    const found = [at + shift, positions[hashAt(skeletonView, at)]!].filter(
      (from) => from >= 0 && from < dictionary.length,
    );
    let best = { from: 0, length: 0 };
    for (const from of found) {
      const length = lengthAt(at, from);
      if (length > best.length) best = { from, length };
    }
    if (best.length >= MIN_COPY) shift = best.from - at;
    return best;
  };
}

function hashAt(view: DataView, at: number): number {
  const [low, high] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
  return (Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)) >>> (32 - HASH_BITS);
}
