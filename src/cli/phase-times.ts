/** Measures the duration of each phase of a file. `now` is a clock in milliseconds. */
export class PhaseTimes {
  private readonly ends: number[] = [];
  private readonly began: number;
  private last: number;

  constructor(
    private readonly phases: readonly string[],
    private readonly now: () => number = () => performance.now(),
  ) {
    this.began = this.last = now();
  }

  /** In pixels; each pixel counts once per phase. */
  update(done: number, total: number): void {
    const phase = Math.ceil((done * this.phases.length) / total) - 1;
    while (this.ends.length < phase) this.ends.push(this.last);
    this.last = this.now();
  }

  /** Ends the last phase and returns the seconds of each, in order. */
  stop(): number[] {
    this.ends.push(this.now());
    return this.ends.map((end, i) => (end - (this.ends[i - 1] ?? this.began)) / 1000);
  }
}

/** "12.10 s coding, 11.90 s verifying". */
export function phaseText(phases: readonly string[], seconds: readonly number[]): string {
  return seconds.map((time, i) => `${time.toFixed(2)} s ${phases[i] ?? ''}`).join(', ');
}
