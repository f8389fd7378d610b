import type { JpegComponentShape } from './coefficients.js';
import { BLOCK_SIZE } from './frame.js';

/** The blocks of a scan in the order in which it codes them (ITU-T T.81, A.2). */
export class BlockCursor {
  /** MCUs of the scan. */
  readonly mcus: number;
  /** Blocks of an MCU. */
  readonly blocks: number;
  /** Which of the scan's components the current block belongs to. */
  slot = 0;
  /** Offset of the block in the coefficients of its component. */
  offset = 0;

  private block = 0;
  private column = 0;
  private readonly wide: number;
  /** For each block of an MCU: its component, its offset, and the distance of the offsets of MCUs and of their rows. */
  private readonly slots: number[] = [];
  private readonly starts: number[] = [];
  private readonly offsets: number[] = [];
  private readonly steps: number[] = [];
  private readonly rowSteps: number[] = [];

  /** @param components those of the scan, in its order */
  constructor(components: readonly JpegComponentShape[]) {
    const [first] = components;
    const alone = components.length === 1;
    this.wide = alone ? first!.visibleWide : first!.blocksWide / first!.horizontal;
    this.mcus = this.wide * (alone ? first!.visibleHigh : first!.blocksHigh / first!.vertical);
    components.forEach((component, slot) => this.addBlocks(component, slot, alone));
    this.blocks = this.slots.length;
    this.seek(0);
  }

  /** Moves to the first block of an MCU. */
  seek(mcu: number): void {
    const row = Math.floor(mcu / this.wide);
    this.column = mcu - row * this.wide;
    for (let i = 0; i < this.blocks; i++) {
      this.offsets[i] = this.starts[i]! + row * this.rowSteps[i]! + this.column * this.steps[i]!;
    }
    this.block = 0;
    this.slot = this.slots[0]!;
    this.offset = this.offsets[0]!;
  }

  /** Moves to the next block. After the last block of the scan, the position is undefined. */
  advance(): void {
    if (++this.block === this.blocks) this.nextMcu();
    this.slot = this.slots[this.block]!;
    this.offset = this.offsets[this.block]!;
  }

  private nextMcu(): void {
    this.block = 0;
    const { offsets, steps } = this;
    for (let i = 0; i < offsets.length; i++) offsets[i]! += steps[i]!;
    if (++this.column < this.wide) return;
    this.column = 0;
    for (let i = 0; i < offsets.length; i++) offsets[i]! += this.rowSteps[i]! - this.wide * steps[i]!;
  }

  private addBlocks({ horizontal, vertical, blocksWide }: JpegComponentShape, slot: number, alone: boolean): void {
    const [columns, rows] = alone ? [1, 1] : [horizontal, vertical];
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        this.slots.push(slot);
        this.starts.push((y * blocksWide + x) * BLOCK_SIZE);
        this.steps.push(columns * BLOCK_SIZE);
        this.rowSteps.push(rows * blocksWide * BLOCK_SIZE);
      }
    }
  }
}
