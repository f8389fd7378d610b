import type { BlockEncoder, BlockEncoding } from './block-encoder.js';
import { bandMask, lowestBit, MASK_SHIFT } from './block-masks.js';
import { RunWriter } from './run-writer.js';
import { ZERO_RUN } from './symbols.js';
import { NATURAL_ORDER } from './zigzag.js';

/** Encodes a further bit of a band of AC coefficients in progressive JPEG (ITU-T T.81, G.1.2.3). */
export class RefiningAcEncoder implements BlockEncoder {
  private readonly run: RunWriter;
  private readonly band: readonly [number, number];
  /** Correction bits since the last code of the block. */
  private readonly corrections = new Uint8Array(64);
  private count = 0;

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
    const lastNew = this.lastNewCoefficient(masks, coefficients, offset);
    const extra = zeroRuns.take(block);
    let extraRuns = extra === null ? 0 : extra.count;
    /** Zeros since the last code, and the position up to which they were counted. */
    let zeros = 0;
    let previous = first - 1;
    this.count = 0;
    for (let word = 0; word < 2; word++) {
      let left = masks[(offset >> MASK_SHIFT) + word]! & this.band[word]!;
      for (; left !== 0; left &= left - 1) {
        const k = 32 * word + lowestBit(left);
        const value = coefficients[offset + NATURAL_ORDER[k]!]!;
        const magnitude = Math.abs(value) >> low;
        if (magnitude === 0) continue;
        zeros += k - previous - 1;
        previous = k;
        for (; zeros > 15 && (k <= lastNew || extraRuns > 0); zeros -= 16) {
          if (k > lastNew) extraRuns--;
          this.writeZeroRun(slot);
        }
        if (magnitude > 1) {
          this.corrections[this.count++] = magnitude & 1;
          continue;
        }
        this.run.flush();
        writer.coefficient(table, (zeros << 4) | 1, value < 0 ? -1 : 1, 1);
        this.writeCorrections();
        zeros = 0;
      }
    }
    for (; extraRuns > 0; extraRuns--) this.writeZeroRun(slot);
    if (extra !== null && extra.endsBlock) return;
    // The band is not complete if zeros or corrections follow the last new coefficient.
    if (Math.max(lastNew, first - 1) < last) this.run.add(slot, block, this.corrections, this.count);
  }

  finish(): void {
    this.run.flush();
  }

  /** Returns the position of the last coefficient of the band that becomes 1 or -1 by this bit; 0 if there is none. */
  private lastNewCoefficient(masks: Int32Array, coefficients: Int16Array, offset: number): number {
    const { low } = this.context.header;
    for (let word = 1; word >= 0; word--) {
      let left = masks[(offset >> MASK_SHIFT) + word]! & this.band[word]!;
      while (left !== 0) {
        const bit = 31 - Math.clz32(left);
        const k = 32 * word + bit;
        if (Math.abs(coefficients[offset + NATURAL_ORDER[k]!]!) >> low === 1) return k;
        left ^= 1 << bit;
      }
    }
    return 0;
  }

  private writeZeroRun(slot: number): void {
    const { writer, acTables } = this.context;
    this.run.flush();
    writer.symbol(acTables[slot]!, ZERO_RUN);
    this.writeCorrections();
  }

  private writeCorrections(): void {
    const { writer } = this.context;
    for (let i = 0; i < this.count; i++) writer.bits(this.corrections[i]!, 1);
    this.count = 0;
  }
}
