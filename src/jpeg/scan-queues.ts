import type { ExtraZeroRun } from './scan-record.js';

/** The superfluous codes of a scan in the order of its blocks. */
export class ZeroRunQueue {
  private next = 0;
  private block: number;

  constructor(private readonly runs: readonly ExtraZeroRun[]) {
    this.block = runs[0]?.block ?? -1;
  }

  /** Returns the codes of a block, and removes them; null if it has none. Blocks must be in ascending order. */
  take(block: number): ExtraZeroRun | null {
    if (block !== this.block) return null;
    const run = this.runs[this.next]!;
    this.block = this.runs[++this.next]?.block ?? -1;
    return run;
  }
}

/** The unusual ends of runs of empty bands in the order of the blocks. */
export class RunEndQueue {
  private next = 0;

  constructor(private readonly blocks: readonly number[]) {}

  /** Returns whether the decision after a block is unusual. Blocks must be in ascending order. */
  take(block: number): boolean {
    const { blocks } = this;
    while (this.next < blocks.length && blocks[this.next]! < block) this.next++;
    return this.next < blocks.length && blocks[this.next] === block;
  }
}
