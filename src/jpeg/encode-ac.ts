import { sizeOf } from './bit-writer.js';
import type { BlockEncoder, BlockEncoding } from './block-encoder.js';
import { bandMask, lowestBit, MASK_SHIFT } from './block-masks.js';
import { RunWriter } from './run-writer.js';
import { ZERO_RUN } from './symbols.js';
import { NATURAL_ORDER } from './zigzag.js';

const NO_CORRECTIONS = new Uint8Array(0);

/** Encodes the first scan of a band of AC coefficients in progressive JPEG (ITU-T T.81, G.1.2.2). */
export class FirstAcEncoder implements BlockEncoder {
  private readonly run: RunWriter;
  private readonly band: readonly [number, number];

  constructor(private readonly context: BlockEncoding) {
    this.run = new RunWriter(context);
    this.band = bandMask(context.header.first, context.header.last);
  }

  restart(): void {
    this.run.clear();
  }

  encode(slot: number, coefficients: Int16Array, offset: number, block: number): void {
    const { writer, header, acTables, zeroRuns } = this.context;
    const masks = this.context.masks[slot]!;
    const { first, last, low } = header;
    const table = acTables[slot]!;
    let previous = first - 1;
    for (let word = 0; word < 2; word++) {
      let left = masks[(offset >> MASK_SHIFT) + word]! & this.band[word]!;
      for (; left !== 0; left &= left - 1) {
        const k = 32 * word + lowestBit(left);
        const value = coefficients[offset + NATURAL_ORDER[k]!]!;
        const magnitude = Math.abs(value) >> low;
        if (magnitude === 0) continue;
        this.run.flush();
        let zeros = k - previous - 1;
        for (; zeros > 15; zeros -= 16) writer.symbol(table, ZERO_RUN);
        const size = sizeOf(magnitude);
        writer.coefficient(table, (zeros << 4) | size, value < 0 ? -magnitude : magnitude, size);
        previous = k;
      }
    }
    const extra = zeroRuns.take(block);
    if (extra !== null) {
      this.run.flush();
      for (let i = 0; i < extra.count; i++) writer.symbol(table, ZERO_RUN);
      if (extra.endsBlock) return;
    }
    if (previous < last) this.run.add(slot, block, NO_CORRECTIONS, 0);
  }

  finish(): void {
    this.run.flush();
  }
}
