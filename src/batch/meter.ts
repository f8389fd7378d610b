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

/** What a file is to the progress of a run. */
export interface MeteredFile {
  readonly pixels: number;
  /** Its weight in the remaining time, in any unit: the files need time in proportion to it. */
  readonly work: number;
}

/** The share of the work that an estimate from before the run counts as much as. */
const EXPECTED_SHARE = 0.05;

/**
 * Returns the remaining seconds of work of which a share is done; null if nothing is known yet. The time so far replaces
 * an estimate from before gradually, since the start of an image may be faster or slower than the rest.
 * @param share 0 to 1
 * @param elapsed seconds so far
 * @param expected estimated seconds of all the work; null if there is no estimate
 */
export function remainingSeconds(share: number, elapsed: number, expected: number | null): number | null {
  if (expected === null) return share > 0 ? elapsed * (1 / share - 1) : null;
  const total = (EXPECTED_SHARE * expected + elapsed) / (EXPECTED_SHARE + share);
  return (1 - share) * total;
}

/**
 * Estimates the remaining time of a batch from the mean speed since the first file began. Recent speed would mislead, since a pixel of one
 * image may need ten times as long as one of another. `now` is a clock in milliseconds.
 */
export class WorkMeter<K> {
  private readonly shares = new Map<K, number>();
  private readonly finished = { pixels: 0, work: 0 };
  private readonly total = { pixels: 0, work: 0 };
  private readonly allWork: number;
  private began: number | null = null;

  /** @param expected estimated seconds of the run; null if there is no estimate */
  constructor(
    private readonly files: ReadonlyMap<K, MeteredFile>,
    private readonly expected: number | null = null,
    private readonly now: () => number = () => performance.now(),
  ) {
    for (const file of files.values()) add(this.total, file);
    this.allWork = this.total.work;
  }

  /** Sets the progress of a file, from 0 (it begins) to 1. */
  update(file: K, share: number): void {
    this.began ??= this.now();
    this.shares.set(file, share);
  }

  /** Ends a file; if it was skipped or failed (not `isWork`), it does not count. */
  end(file: K, isWork: boolean): void {
    this.shares.delete(file);
    if (isWork) add(this.finished, this.fileOf(file));
    else add(this.total, this.fileOf(file), -1);
  }

  state(): MeterState {
    const done = { ...this.finished };
    for (const [file, share] of this.shares) add(done, this.fileOf(file), share);
    const seconds = this.began === null ? 0 : (this.now() - this.began) / 1000;
    const { pixels: total, work } = this.total;
    const expected = this.expected === null ? null : (this.expected * work) / this.allWork;
    const secondsLeft = work > 0 ? remainingSeconds(done.work / work, seconds, expected) : null;
    return { done: done.pixels, total, speed: seconds > 0 ? done.pixels / seconds : 0, secondsLeft };
  }

  private fileOf(file: K): MeteredFile {
    return this.files.get(file) ?? { pixels: 0, work: 0 };
  }
}

function add(sum: { pixels: number; work: number }, { pixels, work }: MeteredFile, factor = 1): void {
  sum.pixels += factor * pixels;
  sum.work += factor * work;
}
