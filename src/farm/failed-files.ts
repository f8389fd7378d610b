import type { Failure } from './queue/failures.js';

/** A file that failed. */
export interface FailedFile {
  readonly name: string;
  readonly failure: Failure;
}

/** Failures to hold; the queue has all of them. */
const HELD = 1000;

/** The failures of a run: counts by cause, and the first ones. */
export class FailedFiles {
  readonly first: FailedFile[] = [];
  private readonly counts = new Map<string, number>();

  add(file: FailedFile): void {
    const { code } = file.failure;
    this.counts.set(code, (this.counts.get(code) ?? 0) + 1);
    if (this.first.length < HELD) this.first.push(file);
  }

  /** Number of failures. */
  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Numbers of failures by code. */
  get causes(): Record<string, number> {
    return Object.fromEntries(this.counts);
  }
}
