import { sizeOf } from './bit-writer.js';
import type { BlockEncoder, BlockEncoding } from './block-encoder.js';
import { bandMask, lowestBit, MASK_SHIFT } from './block-masks.js';
import { DcEncoder } from './encode-dc.js';
import { END_OF_BLOCK, ZERO_RUN } from './symbols.js';
import { NATURAL_ORDER } from './zigzag.js';

const [LOW_BAND, HIGH_BAND] = bandMask(1, 63);

/** Encodes whole blocks, as in baseline and extended sequential JPEG (ITU-T T.81, F.1.2). */
export class SequentialEncoder implements BlockEncoder {
  private readonly dc: DcEncoder;

  constructor(private readonly context: BlockEncoding) {
    this.dc = new DcEncoder(context);
  }

  restart(): void {
    this.dc.restart();
  }

  encode(slot: number, coefficients: Int16Array, offset: number, block: number): void {
    const { writer, acTables, zeroRuns } = this.context;
    this.dc.next(slot, coefficients[offset]!);
    const masks = this.context.masks[slot]!;
    const table = acTables[slot]!;
    let previous = 0;
    for (let word = 0; word < 2; word++) {
      let left = masks[(offset >> MASK_SHIFT) + word]! & (word === 0 ? LOW_BAND : HIGH_BAND);
      for (; left !== 0; left &= left - 1) {
        const k = 32 * word + lowestBit(left);
        const value = coefficients[offset + NATURAL_ORDER[k]!]!;
        let zeros = k - previous - 1;
        for (; zeros > 15; zeros -= 16) writer.symbol(table, ZERO_RUN);
        const size = sizeOf(Math.abs(value));
        writer.coefficient(table, (zeros << 4) | size, value, size);
        previous = k;
      }
    }
    const extra = zeroRuns.take(block);
    if (extra !== null) {
      for (let i = 0; i < extra.count; i++) writer.symbol(table, ZERO_RUN);
      if (extra.endsBlock) return;
    }
    if (previous < 63) writer.symbol(table, END_OF_BLOCK);
  }

  finish(): void {
    // Nothing is pending.
  }
}
