/**
 * The npm package `arithmetic-coding@1.2.3` with numbits = 31, the reference for the engine's coder. Its public API codes only
 * bytes, so the classes are imported from its internal files.
 *
 * Totals of 2^22 are exact in its doubles: range * cumulative <= 2^31 * 2^22 = 2^53, and division by 2^22 is a shift. The
 * decoder divides by the range: quotients below 2^22 have a rounding error of at most 2^-32, and a quotient that is not an
 * integer is at least 1/range >= 2^-31 away from one, so `Math.floor` is exact.
 */
import { createRequire } from 'node:module';

/** A frequency table of the package. */
export interface Table {
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
const NUM_BITS = 31;

/** Returns a frequency table from the counts of the symbols. */
export function packageTable(counts: ArrayLike<number>): Table {
  return new FrequencyTable(counts);
}

/** The package's encoder. */
export class PackageEncoder {
  private readonly output = new BitOutputStream();
  private readonly encoder = new ArithmeticEncoder(NUM_BITS, this.output);

  write(table: Table, symbol: number): void {
    this.encoder.write(table, symbol);
  }

  /** Ends the stream and returns its bytes. */
  finish(): Uint8Array {
    this.encoder.finish();
    return new Uint8Array(this.output.buffer);
  }
}

/** The package's decoder. */
export class PackageDecoder {
  private readonly decoder: Decoder;

  constructor(stream: Uint8Array) {
    this.decoder = new ArithmeticDecoder(NUM_BITS, new BitInputStream(Buffer.from(stream)));
  }

  read(table: Table): number {
    return this.decoder.read(table);
  }
}
