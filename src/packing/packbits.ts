import { PixrnnError } from '../errors.js';
import { decodeVarint, encodeVarint } from '../varint.js';

/*
 * PackBits (TIFF 6.0, section 9): packets of a header h and one byte to repeat 257 - h times (h > 128), or h + 1 bytes
 * to copy (h < 128). A stream is described by the headers that differ from those that libtiff writes.
 */

const MAX_PACKET = 128;
const NO_OPERATION = 128;

/** A description is not worth storing from this length on, in bytes. */
function maxDescription(stream: Uint8Array): number {
  return stream.length / 8 + 64;
}

/**
 * Describes how a PackBits stream was made from `raw`, rows of `rowBytes` bytes. Returns null if it is not a stream of
 * exactly these bytes, or differs too much from what libtiff writes.
 */
export function describePackBits(stream: Uint8Array, raw: Uint8Array, rowBytes: number): Uint8Array | null {
  let best: Uint8Array | null = null;
  // Most encoders end packets with rows, as the specification demands.
  for (const scope of [rowBytes, raw.length]) {
    for (const rule of RULES.keys()) {
      const description = describeWith(stream, raw, rule, scope);
      if (description && description.length < (best?.length ?? maxDescription(stream))) best = description;
    }
  }
  return best;
}

function describeWith(stream: Uint8Array, raw: Uint8Array, rule: number, rowBytes: number): Uint8Array | null {
  const bytes = [rule, ...encodeVarint(rowBytes)];
  const predict = RULES[rule]!;
  let [from, at, gap] = [0, 0, 0];
  while (at < raw.length) {
    const header = stream[from] ?? NO_OPERATION;
    if (!allows(raw, at, header)) return null;
    const packet = packetOf(raw, at, header);
    if (packet.some((byte, i) => stream[from + 1 + i] !== byte)) return null;
    if (header === predict(raw, at, endOfRow(raw, at, rowBytes))) {
      gap++;
    } else {
      bytes.push(...encodeVarint(gap), header);
      gap = 0;
    }
    from += 1 + packet.length;
    at += lengthOf(header);
    if (bytes.length > maxDescription(stream)) return null;
  }
  return from === stream.length ? Uint8Array.from(bytes) : null;
}

/**
 * Rebuilds a PackBits stream.
 * @throws PixrnnError 'file-corrupt' for a description that makes no stream of `raw` of at most `maxBytes`
 */
export function rebuildPackBits(description: Uint8Array, raw: Uint8Array, maxBytes: number): Uint8Array {
  let used = 0;
  const byte = (): number => description[used++] ?? NO_OPERATION; // bytes after the end are noticed below
  const number = (): number => decodeVarint(byte) ?? 0;
  const predict = RULES[byte()];
  const rowBytes = number();
  const nextGap = (): number => (used < description.length ? number() : Infinity);
  const stream = new Uint8Array(Math.min(maxBytes, 2 * raw.length));
  let length = 0;
  let gap = nextGap();
  for (let at = 0; at < raw.length;) {
    if (!predict || rowBytes === 0) throw malformed();
    const isPredicted = gap-- > 0;
    const header = isPredicted ? predict(raw, at, endOfRow(raw, at, rowBytes)) : byte();
    if (!allows(raw, at, header)) throw malformed();
    const packet = packetOf(raw, at, header);
    if (length + 1 + packet.length > stream.length) throw malformed();
    stream[length] = header;
    stream.set(packet, length + 1);
    length += 1 + packet.length;
    at += lengthOf(header);
    if (!isPredicted) gap = nextGap();
  }
  if (used !== description.length || Number.isFinite(gap)) throw malformed();
  return stream.subarray(0, length);
}

/**
 * Decodes a PackBits stream of `count` bytes.
 * @throws RangeError if it ends early
 */
export function decodePackBits(stream: Uint8Array, count: number): Uint8Array {
  const raw = new Uint8Array(count);
  for (let from = 0, at = 0; at < count;) {
    const header = stream[from++];
    if (header === undefined) throw new RangeError('it ends too early');
    if (header === NO_OPERATION) continue;
    const length = Math.min(lengthOf(header), count - at);
    if (header > NO_OPERATION) raw.fill(stream[from++] ?? 0, at, at + length);
    else {
      raw.set(stream.subarray(from, from + length), at);
      from += length;
    }
    at += length;
  }
  return raw;
}

/** Returns whether the bytes from `at` on can be a packet with this header. */
function allows(raw: Uint8Array, at: number, header: number): boolean {
  const end = at + lengthOf(header);
  if (header === NO_OPERATION || end > raw.length) return false;
  if (header > NO_OPERATION) for (let i = at + 1; i < end; i++) if (raw[i] !== raw[at]) return false;
  return true;
}

/** Returns what follows the header. */
function packetOf(raw: Uint8Array, at: number, header: number): Uint8Array {
  return raw.subarray(at, header < NO_OPERATION ? at + lengthOf(header) : at + 1);
}

function lengthOf(header: number): number {
  return header < NO_OPERATION ? header + 1 : 257 - header;
}

/** Returns the header that an encoder writes for the bytes from `at` on; packets end with the row, at `end`. */
type Rule = (raw: Uint8Array, at: number, end: number) => number;

/** Rules in the order of their numbers in descriptions. */
const RULES: readonly Rule[] = [libtiffHeader, runsOfThreeHeader];

/**
 * libtiff (PackBitsEncode in tif_packbits.c) repeats two or more equal bytes, but copies two between single bytes with
 * them if all fit one packet.
 */
function libtiffHeader(raw: Uint8Array, at: number, end: number): number {
  const run = runLength(raw, at, end);
  if (run > 1) return repeatHeader(run);
  let copied = 1;
  while (copied < MAX_PACKET && at + copied < end) {
    const next = runLength(raw, at + copied, end);
    if (next === 1) copied++;
    else if (next === 2 && copied < MAX_PACKET - 1 && isSingle(raw, at + copied + 2, end)) copied += 2;
    else break;
  }
  return copied - 1;
}

/** Other encoders repeat three or more equal bytes, and copy the others. */
function runsOfThreeHeader(raw: Uint8Array, at: number, end: number): number {
  const run = runLength(raw, at, end);
  if (run > 2) return repeatHeader(run);
  let copied = 1;
  while (copied < MAX_PACKET && at + copied < end && runLength(raw, at + copied, end) < 3) copied++;
  return copied - 1;
}

function repeatHeader(run: number): number {
  return 257 - Math.min(run, MAX_PACKET);
}

function endOfRow(raw: Uint8Array, at: number, rowBytes: number): number {
  return Math.min(raw.length, at - (at % rowBytes) + rowBytes);
}

/** Returns the number of bytes equal to the one at `at`, up to one more than a packet holds. */
function runLength(raw: Uint8Array, at: number, end: number): number {
  let length = 1;
  while (length <= MAX_PACKET && at + length < end && raw[at + length] === raw[at]) length++;
  return length;
}

function isSingle(raw: Uint8Array, at: number, end: number): boolean {
  return at < end && runLength(raw, at, end) === 1;
}

function malformed(): PixrnnError {
  const what = 'the description of a PackBits stream is malformed';
  return new PixrnnError('file-corrupt', `the .prnn file is damaged: ${what}. Get the file again.`);
}
