import { sizeOf } from './bit-writer.js';
import type { BlockEncoding } from './block-encoder.js';
import { MAX_RUN, usuallyEndsRun } from './scan-record.js';

/** Bits between calls of `reserve`. */
const RESERVED_BITS = 4096;

/** Collects runs of empty bands (EOBRUN) and their correction bits, and writes them (ITU-T T.81, figures G.4 and G.9). */
export class RunWriter {
  private length = 0;
  private corrections = new Uint8Array(2048);
  private count = 0;
  /** The table of the last block. */
  private slot = 0;

  constructor(private readonly context: BlockEncoding) {}

  /** Drops everything. */
  clear(): void {
    this.length = 0;
    this.count = 0;
  }

  /**
   * Adds a block whose band is empty, or empty after its last new coefficient, and writes the run where it ends.
   * @param corrections one bit for each coefficient that is corrected; the first `count` are used
   */
  add(slot: number, block: number, corrections: Uint8Array, count: number): void {
    this.slot = slot;
    this.length++;
    this.append(corrections, count);
    const ends = usuallyEndsRun(this.length, this.count) !== this.context.runEnds.take(block);
    if (ends || this.length === MAX_RUN) this.flush();
  }

  /** Writes the current run, if there is one. */
  flush(): void {
    if (this.length === 0) return;
    const { writer, acTables } = this.context;
    const size = sizeOf(this.length) - 1;
    writer.reserve();
    writer.symbol(acTables[this.slot]!, size << 4);
    writer.bits(this.length, size);
    for (let i = 0; i < this.count; i++) {
      if (i % RESERVED_BITS === 0) writer.reserve();
      writer.bits(this.corrections[i]!, 1);
    }
    this.clear();
    writer.reserve();
  }

  private append(corrections: Uint8Array, count: number): void {
    if (this.count + count > this.corrections.length) {
      const larger = new Uint8Array(2 * (this.count + count));
      larger.set(this.corrections.subarray(0, this.count));
      this.corrections = larger;
    }
    for (let i = 0; i < count; i++) this.corrections[this.count++] = corrections[i]!;
  }
}
