import { ScanDamage } from './bit-reader.js';
import type { BlockDecoder, BlockDecoding } from './block-decoder.js';
import { bandMask, lowestBit, MASK_SHIFT } from './block-masks.js';
import { NATURAL_ORDER } from './zigzag.js';

/** Decodes a further bit of a band of AC coefficients in progressive JPEG (ITU-T T.81, G.1.2.3). */
export class RefiningAcDecoder implements BlockDecoder {
  /** Blocks left in the current run of bands without new coefficients. */
  private run = 0;
  /** Blocks left in the interval. */
  private blocks = 0;
  private readonly bit: number;
  /** For each position: the mask of the band from there on. */
  private readonly bands: (readonly [number, number])[];

  constructor(private readonly context: BlockDecoding) {
    const { low, last } = context.header;
    this.bit = 1 << low;
    this.bands = Array.from({ length: last + 1 }, (_, first) => bandMask(first, last));
  }

  get idle(): boolean {
    return this.run === 0;
  }

  restart(blocks: number): void {
    this.run = 0;
    this.blocks = blocks;
    this.context.events.endRun();
  }

  decode(slot: number, coefficients: Int16Array, offset: number, block: number): void {
    const { header, masks, events } = this.context;
    const from = this.run > 0 ? header.first : this.decodeBand(slot, coefficients, offset, block);
    if (this.run > 0) {
      const corrections = this.correctRest(masks[slot]!, coefficients, offset, from);
      events.runBlock(block, corrections, --this.run > 0);
    }
    this.blocks--;
  }

  /** Decodes up to the end-of-band code and returns the position from which only corrections follow. */
  private decodeBand(slot: number, coefficients: Int16Array, offset: number, block: number): number {
    const { reader, header, acTables, events } = this.context;
    const masks = this.context.masks[slot]!;
    const { first, last } = header;
    const table = acTables[slot]!;
    let zeroRuns = 0;
    let k = first;
    while (k <= last) {
      const symbol = reader.symbol(table);
      const size = symbol & 15;
      const zeros = symbol >> 4;
      if (size === 0 && zeros < 15) {
        this.run = (1 << zeros) + reader.bits(zeros);
        if (this.run > this.blocks) throw new ScanDamage('a run of empty bands is too long');
        if (k === first) events.startRun(block);
        else events.endRun();
        events.zeroRun(block, zeroRuns, false);
        return k;
      }
      if (size > 1) throw new ScanDamage('a new coefficient is larger than 1');
      const value = size === 0 ? 0 : reader.bits(1) === 1 ? this.bit : -this.bit;
      k = this.skipZeros(masks, coefficients, offset, k, zeros);
      if (value !== 0) {
        coefficients[offset + NATURAL_ORDER[k]!] = value;
        masks[(offset >> MASK_SHIFT) + (k >> 5)]! |= 1 << (k & 31);
      }
      zeroRuns = value === 0 ? zeroRuns + 1 : 0;
      k++;
    }
    events.endRun();
    events.zeroRun(block, zeroRuns, true);
    return k;
  }

  /** Corrects coefficients up to the zero that `zeros` others precede, and returns its position. */
  private skipZeros(masks: Int32Array, coefficients: Int16Array, offset: number, from: number, zeros: number): number {
    const { last } = this.context.header;
    const word = offset >> MASK_SHIFT;
    for (let k = from; k <= last; k++) {
      if ((masks[word + (k >> 5)]! & (1 << (k & 31))) !== 0) this.correct(coefficients, offset + NATURAL_ORDER[k]!);
      else if (zeros-- === 0) return k;
    }
    throw new ScanDamage('a run of zeros is too long');
  }

  /** Corrects all coefficients of the band from a position on; returns their number. */
  private correctRest(masks: Int32Array, coefficients: Int16Array, offset: number, from: number): number {
    const word = offset >> MASK_SHIFT;
    const band = this.bands[from];
    let count = 0;
    if (band === undefined) return 0;
    for (let i = 0; i < 2; i++) {
      for (let left = masks[word + i]! & band[i]!; left !== 0; left &= left - 1) {
        this.correct(coefficients, offset + NATURAL_ORDER[32 * i + lowestBit(left)]!);
        count++;
      }
    }
    return count;
  }

  /** Reads the next bit of a coefficient that is not 0. */
  private correct(coefficients: Int16Array, at: number): void {
    if (this.context.reader.bits(1) === 0) return;
    const value = coefficients[at]!;
    coefficients[at] = value + (value > 0 ? this.bit : -this.bit);
  }
}
