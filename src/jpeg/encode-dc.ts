import { sizeOf } from './bit-writer.js';
import type { BlockEncoder, BlockEncoding } from './block-encoder.js';

/** Encodes the differences of DC coefficients (ITU-T T.81, F.1.2.1). */
export class DcEncoder {
  private readonly predictions: Int32Array;

  constructor(private readonly context: BlockEncoding) {
    this.predictions = new Int32Array(context.header.components.length);
  }

  restart(): void {
    this.predictions.fill(0);
  }

  next(slot: number, value: number): void {
    const { writer, dcTables } = this.context;
    const difference = value - this.predictions[slot]!;
    this.predictions[slot] = value;
    const size = sizeOf(Math.abs(difference));
    writer.coefficient(dcTables[slot]!, size, difference, size);
  }
}

/** Encodes the first scan of DC coefficients in progressive JPEG (ITU-T T.81, G.1.2.1). */
export class FirstDcEncoder implements BlockEncoder {
  private readonly dc: DcEncoder;
  private readonly low: number;

  constructor(context: BlockEncoding) {
    this.dc = new DcEncoder(context);
    this.low = context.header.low;
  }

  restart(): void {
    this.dc.restart();
  }

  encode(slot: number, coefficients: Int16Array, offset: number): void {
    this.dc.next(slot, coefficients[offset]! >> this.low);
  }

  finish(): void {
    // Nothing is pending.
  }
}

/** Encodes a further bit of DC coefficients. */
export class RefiningDcEncoder implements BlockEncoder {
  constructor(private readonly context: BlockEncoding) {}

  restart(): void {
    // Bits depend on nothing.
  }

  encode(_slot: number, coefficients: Int16Array, offset: number): void {
    const { writer, header } = this.context;
    writer.bits(coefficients[offset]! >> header.low, 1);
  }

  finish(): void {
    // Nothing is pending.
  }
}
