/**
 * The oracle: npm `arithmetic-coding@1.2.3` with numbits = 31. Its public API only codes bytes, so the classes are
 * reached by deep import.
 *
 * Totals of 2^22 are exact in its doubles: range * cumulative <= 2^31 * 2^22 = 2^53, and dividing by 2^22 shifts. The
 * decoder divides by the range: quotients below 2^22 have a rounding error of at most 2^-32, and one that is no integer
 * is at least 1/range >= 2^-31 away from the next, so `Math.floor` cannot see the wrong integer.
 */
import { createRequire } from 'node:module';

interface Table {
  readonly total: number;
}
interface BitOutput {
  readonly buffer: Buffer;
}
interface Encoder {
  write(table: Table, symbol: number): void;
  finish(): void;
}
interface Decoder {
  read(table: Table): number;
}

const require = createRequire(import.meta.url);
const FrequencyTable = require('arithmetic-coding/src/frequency-table.js') as new (counts: ArrayLike<number>) => Table;
const BitOutputStream = require('arithmetic-coding/src/bit-output-stream-buffer.js') as new () => BitOutput;
const BitInputStream = require('arithmetic-coding/src/bit-input-stream-buffer.js') as new (bytes: Buffer) => object;
const ArithmeticEncoder = require('arithmetic-coding/src/arithmetic-encoder.js') as new (
  bits: number,
  output: BitOutput,
) => Encoder;
const ArithmeticDecoder = require('arithmetic-coding/src/arithmetic-decoder.js') as new (
  bits: number,
  input: object,
) => Decoder;

/** Encodes symbols[i] with tables[picks[i]]. */
export function oracleEncode(tables: ArrayLike<number>[], picks: Uint8Array, symbols: Uint8Array): Uint8Array {
  const built = tables.map((counts) => new FrequencyTable(counts));
  const output = new BitOutputStream();
  const encoder = new ArithmeticEncoder(31, output);
  symbols.forEach((symbol, i) => encoder.write(built[picks[i] ?? 0] as Table, symbol));
  encoder.finish();
  return new Uint8Array(output.buffer);
}

/** Decodes as many symbols as there are picks. */
export function oracleDecode(tables: ArrayLike<number>[], picks: Uint8Array, stream: Uint8Array): Uint8Array {
  const built = tables.map((counts) => new FrequencyTable(counts));
  const decoder = new ArithmeticDecoder(31, new BitInputStream(Buffer.from(stream)));
  return picks.map((pick) => decoder.read(built[pick] as Table));
}
