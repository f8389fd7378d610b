/** How far a run is. */
export interface MeterState {
  /** Pixels that are done and pixels in all, without those of files that took no work. */
  readonly done: number;
  readonly total: number;
  /** Pixels a second. */
  readonly speed: number;
  /** Null before there is anything to reckon from. */
  readonly secondsLeft: number | null;
}

/**
 * Reckons the remaining time of many files from the pixels done since the first one began: all of them, since a pixel of one image may
 * take ten times as long as one of another, and only the mean says something of those to come. `now` is a clock in milliseconds.
 */
export class WorkMeter<K> {
  private readonly shares = new Map<K, number>();
  private finished = 0;
  private began: number | null = null;

  /** @param pixels of each file, by which its share of the work is reckoned */
  constructor(
    private readonly pixels: ReadonlyMap<K, number>,
    private readonly now: () => number = () => performance.now(),
  ) {
    for (const count of pixels.values()) this.total += count;
  }

  private total = 0;

  /** A file is so far, from 0 (it begins) to 1. */
  update(file: K, share: number): void {
    this.began ??= this.now();
    this.shares.set(file, share);
  }

  /** A file is done, or was none to work on: then its pixels do not count. */
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
