import { ScanDamage } from './bit-reader.js';
import type { BlockDecoder, BlockDecoding } from './block-decoder.js';

const MAX_COEFFICIENT = 32_767;
const MAX_SIZE = 15;

/** Decodes the differences of DC coefficients (ITU-T T.81, F.2.2.1). */
export class DcDecoder {
  private readonly predictions: Int32Array;

  constructor(private readonly context: BlockDecoding) {
    this.predictions = new Int32Array(context.header.components.length);
  }

  restart(): void {
    this.predictions.fill(0);
  }

  /** Returns the next value of a component, -32,767..32,767. */
  next(slot: number): number {
    const { reader, dcTables } = this.context;
    const size = reader.symbol(dcTables[slot]!);
    if (size > MAX_SIZE) throw new ScanDamage('a DC coefficient is too large');
    const value = this.predictions[slot]! + reader.signed(size);
    if (value > MAX_COEFFICIENT || value < -MAX_COEFFICIENT) throw new ScanDamage('a DC coefficient is too large');
    this.predictions[slot] = value;
    return value;
  }
}

/** Decodes the first scan of DC coefficients in progressive JPEG (ITU-T T.81, G.1.2.1). */
export class FirstDcDecoder implements BlockDecoder {
  readonly idle = true;
  private readonly dc: DcDecoder;
  private readonly low: number;

  constructor(context: BlockDecoding) {
    this.dc = new DcDecoder(context);
    this.low = context.header.low;
  }

  restart(): void {
    this.dc.restart();
  }

  decode(slot: number, coefficients: Int16Array, offset: number): void {
    const value = this.dc.next(slot) << this.low;
    if (value > MAX_COEFFICIENT || value < -MAX_COEFFICIENT) throw new ScanDamage('a DC coefficient is too large');
    coefficients[offset] = value;
  }
}

/** Decodes a further bit of DC coefficients. */
export class RefiningDcDecoder implements BlockDecoder {
  readonly idle = true;

  constructor(private readonly context: BlockDecoding) {}

  restart(): void {
    // Bits depend on nothing.
  }

  decode(_slot: number, coefficients: Int16Array, offset: number): void {
    const { reader, header } = this.context;
    coefficients[offset]! |= reader.bits(1) << header.low;
  }
}
