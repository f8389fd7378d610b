import { type ExtraZeroRun, usuallyEndsRun } from './scan-record.js';

/** Collects what is unusual about the blocks of a scan while they are decoded. */
export class BlockEvents {
  readonly zeroRuns: ExtraZeroRun[] = [];
  readonly runEnds: number[] = [];
  /** Length of the current run of empty bands, or of one that ended at the preceding block; 0 after other blocks. */
  private run = 0;
  private corrections = 0;

  /** Notes codes for 16 zeros after the last coefficient of a block. */
  zeroRun(block: number, count: number, endsBlock: boolean): void {
    if (count > 0) this.zeroRuns.push({ block, count, endsBlock });
  }

  /** Notes that a coefficient or a restart has ended the run of empty bands. */
  endRun(): void {
    this.run = 0;
    this.corrections = 0;
  }

  /** Notes that a run starts at a block whose whole band is empty. */
  startRun(block: number): void {
    if (this.run > 0 && !usuallyEndsRun(this.run, this.corrections)) this.runEnds.push(block - 1);
    this.endRun();
  }

  /** Notes a block of a run, the number of its correction bits, and whether the run continues after it. */
  runBlock(block: number, corrections: number, continues: boolean): void {
    this.run++;
    this.corrections += corrections;
    if (continues && usuallyEndsRun(this.run, this.corrections)) this.runEnds.push(block);
  }

  /** Drops what was noted about blocks from `block` on. */
  truncate(block: number): void {
    while ((this.zeroRuns.at(-1)?.block ?? -1) >= block) this.zeroRuns.pop();
    while ((this.runEnds.at(-1) ?? -1) >= block) this.runEnds.pop();
  }
}
