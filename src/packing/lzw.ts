import { concatBytes, equalBytes } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import { type LzwVariant, codeAt } from './lzw-codes.js';
import {
  type LzwDescription,
  type LzwException,
  type LzwTail,
  MAX_EXCEPTIONS,
  decodeLzwDescription,
  encodeLzwDescription,
} from './lzw-description.js';
import { LzwModel, type LzwRule } from './lzw-model.js';
import { usualPeriod } from './lzw-period.js';
import { CodeWriter } from './lzw-writer.js';

/*
 * LZW streams as deviations from an encoder that always takes the longest string and clears its table by a rule. What
 * is stored is the rule and the codes that differ from it.
 */

/** libtiff clears its table before code 4094, and when the compression ratio falls. */
const LIBTIFF: LzwRule = { period: 4094 - 258, ratio: true, literal: false };

/** Returns the length from which on a description is not worth storing, in bytes. */
function maxDescription(stream: Uint8Array): number {
  return stream.length / 8 + 64;
}

/**
 * Describes how an LZW stream was made from `values`, which have `variant.valueBits` bits. Returns null if it is not
 * a stream of exactly these values, or follows no rule.
 */
export function describeLzw(stream: Uint8Array, values: Uint8Array, variant: LzwVariant): Uint8Array | null {
  if (!haveBits(values, variant.valueBits)) return null;
  let best: Uint8Array | null = null;
  for (const rule of likelyRules(stream, variant)) {
    const description = follow(stream, values, variant, rule);
    if (!description) continue;
    const bytes = encodeLzwDescription(description);
    if (bytes.length < (best?.length ?? maxDescription(stream))) best = bytes;
    if (description.exceptions.length === 0) break;
  }
  return best;
}

/** Returns rules, the most likely first. */
function* likelyRules(stream: Uint8Array, variant: LzwVariant): Generator<LzwRule> {
  if (variant.earlyChange) yield LIBTIFF;
  const regular: LzwRule = { period: usualPeriod(stream, variant), ratio: false, literal: false };
  yield regular;
  yield { ...regular, literal: true };
}

/**
 * Rebuilds an LZW stream.
 * @throws PixrnnError 'file-corrupt' for a description that makes no stream of `values` of at most `maxBytes`
 */
export function rebuildLzw(description: Uint8Array, values: Uint8Array, maxBytes: number): Uint8Array {
  const read = decodeLzwDescription(description);
  const stream = read && haveBits(values, read.variant.valueBits) ? writeCodes(read, values, maxBytes) : null;
  if (stream) return stream;
  const what = 'the description of an LZW stream is malformed';
  throw new PixrnnError('file-corrupt', `the .prnn file is damaged: ${what}. Get the file again.`);
}

function haveBits(values: Uint8Array, bits: number): boolean {
  return bits === 8 || values.every((value) => value >> bits === 0);
}

/** Compares a stream with a rule; null if it is no stream of these values. */
function follow(stream: Uint8Array, values: Uint8Array, variant: LzwVariant, rule: LzwRule): LzwDescription | null {
  const model = new LzwModel(variant, rule, values);
  let bit = 0;
  const next = (): number => codeAt(stream, bit, model.bits, variant.lsbFirst);
  const consume = (code: number): void => {
    bit += model.bits;
    model.advance(code);
  };
  const clearsFirst = next() === model.clear;
  if (clearsFirst) consume(model.clear);

  const exceptions: LzwException[] = [];
  for (let gap = 0; !model.isDone;) {
    const code = next();
    if (code === model.predict()) {
      gap++;
    } else {
      if (code < 0 || !model.accepts(code) || exceptions.length === MAX_EXCEPTIONS) return null;
      exceptions.push({ gap, code });
      gap = 0;
    }
    consume(code);
  }
  const rest = stream.subarray(Math.floor(bit / 8));
  if (rest.length > maxDescription(stream)) return null;
  return { variant, rule, clearsFirst, exceptions, tail: tailOf(rest, bit % 8, model, variant.lsbFirst) };
}

/** Returns what follows the last code, which fills `used` bits of the first byte. */
function tailOf(rest: Uint8Array, used: number, model: LzwModel, lsbFirst: boolean): LzwTail {
  const lastCode = codeAt(rest, 0, used, lsbFirst);
  for (const tail of ['clear-and-end', 'end'] as const) {
    const writer = new CodeWriter(lsbFirst);
    if (used > 0) writer.put(lastCode, used);
    writeTail(writer, tail, model);
    if (equalBytes(writer.finish(), rest)) return tail;
  }
  return rest;
}

function writeTail(writer: CodeWriter, tail: 'clear-and-end' | 'end', model: LzwModel): void {
  const clears = tail === 'clear-and-end' && model.isPeriodOver;
  if (clears) writer.put(model.clear, model.bits);
  writer.put(model.end, clears ? model.firstBits : model.bits);
}

/** Returns the stream, or null if it is impossible or too long. */
function writeCodes(description: LzwDescription, values: Uint8Array, maxBytes: number): Uint8Array | null {
  const { variant, rule, clearsFirst, exceptions, tail } = description;
  const model = new LzwModel(variant, rule, values);
  const writer = new CodeWriter(variant.lsbFirst);
  const put = (code: number): void => {
    writer.put(code, model.bits);
    model.advance(code);
  };
  if (clearsFirst) put(model.clear);
  let used = 0;
  for (let gap = 0; !model.isDone;) {
    const exception = exceptions[used];
    if (exception?.gap === gap) {
      if (!model.accepts(exception.code)) return null;
      put(exception.code);
      used++;
      gap = 0;
    } else {
      put(model.predict());
      gap++;
    }
    if (writer.byteLength > maxBytes) return null;
  }
  if (used < exceptions.length) return null;
  if (!(tail instanceof Uint8Array)) writeTail(writer, tail, model);
  const stream = tail instanceof Uint8Array ? concatBytes([writer.complete(), tail]) : writer.finish();
  return stream.length <= maxBytes ? stream : null;
}
