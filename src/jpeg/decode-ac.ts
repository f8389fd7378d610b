import { ScanDamage } from './bit-reader.js';
import type { BlockDecoder, BlockDecoding } from './block-decoder.js';
import { MASK_SHIFT } from './block-masks.js';
import { NATURAL_ORDER } from './zigzag.js';

const MAX_SIZE = 15;

/** Decodes the first scan of a band of AC coefficients in progressive JPEG (ITU-T T.81, G.1.2.2). */
export class FirstAcDecoder implements BlockDecoder {
  /** Blocks left in the current run of empty bands. */
  private run = 0;
  /** Blocks left in the interval. */
  private blocks = 0;

  constructor(private readonly context: BlockDecoding) {}

  get idle(): boolean {
    return this.run === 0;
  }

  restart(blocks: number): void {
    this.run = 0;
    this.blocks = blocks;
    this.context.events.endRun();
  }

  decode(slot: number, coefficients: Int16Array, offset: number, block: number): void {
    if (this.run === 0) this.decodeBand(slot, coefficients, offset, block);
    if (this.run > 0) this.context.events.runBlock(block, 0, --this.run > 0);
    this.blocks--;
  }

  private decodeBand(slot: number, coefficients: Int16Array, offset: number, block: number): void {
    const { reader, header, acTables, events } = this.context;
    const masks = this.context.masks[slot]!;
    const { first, last, low } = header;
    const table = acTables[slot]!;
    let zeroRuns = 0;
    for (let k = first; k <= last; k++) {
      const symbol = reader.symbol(table);
      const size = symbol & 15;
      const zeros = symbol >> 4;
      if (size > 0) {
        k += zeros;
        if (k > last || size + low > MAX_SIZE) throw new ScanDamage('a coefficient is out of bounds');
        coefficients[offset + NATURAL_ORDER[k]!] = reader.signed(size) * (1 << low);
        masks[(offset >> MASK_SHIFT) + (k >> 5)]! |= 1 << (k & 31);
        zeroRuns = 0;
      } else if (zeros === 15) {
        k += 15;
        zeroRuns++;
      } else {
        this.run = (1 << zeros) + reader.bits(zeros);
        if (this.run > this.blocks) throw new ScanDamage('a run of empty bands is too long');
        if (k === first) events.startRun(block);
        else events.endRun();
        events.zeroRun(block, zeroRuns, false);
        return;
      }
    }
    events.endRun();
    events.zeroRun(block, zeroRuns, true);
  }
}
