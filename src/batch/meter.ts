/** The progress of a run. */
export interface MeterState {
  /** Processed and total pixels, without those of skipped and failed files. */
  readonly done: number;
  readonly total: number;
  /** Pixels per second. */
  readonly speed: number;
  /** Null until there is something to estimate from. */
  readonly secondsLeft: number | null;
}

/**
 * Estimates the remaining time of a batch from the mean speed since the first file began. Recent speed would mislead, since a pixel of one
 * image may need ten times as long as one of another. `now` is a clock in milliseconds.
 */
export class WorkMeter<K> {
  private readonly shares = new Map<K, number>();
  private finished = 0;
  private began: number | null = null;

  /** @param pixels of each file, its weight in the total */
  constructor(
    private readonly pixels: ReadonlyMap<K, number>,
    private readonly now: () => number = () => performance.now(),
  ) {
    for (const count of pixels.values()) this.total += count;
  }

  private total = 0;

  /** Sets the progress of a file, from 0 (it begins) to 1. */
  update(file: K, share: number): void {
    this.began ??= this.now();
    this.shares.set(file, share);
  }

  /** Ends a file; if it was skipped or failed (not `isWork`), its pixels do not count. */
  end(file: K, isWork: boolean): void {
    this.shares.delete(file);
    if (isWork) this.finished += this.pixelsOf(file);
    else this.total -= this.pixelsOf(file);
  }

  state(): MeterState {
    let done = this.finished;
    for (const [file, share] of this.shares) done += share * this.pixelsOf(file);
    const seconds = this.began === null ? 0 : (this.now() - this.began) / 1000;
    const speed = seconds > 0 ? done / seconds : 0;
    return { done, total: this.total, speed, secondsLeft: speed > 0 ? (this.total - done) / speed : null };
  }

  private pixelsOf(file: K): number {
    return this.pixels.get(file) ?? 0;
  }
}
