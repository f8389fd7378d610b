import { Semaphore } from '../semaphore.js';

/** The resources that a file needs while it is coded. */
export interface Cost {
  /** Bytes. */
  readonly memory: number;
  /** Tiles that can be coded at the same time. */
  readonly tiles: number;
}

/** The resources that the files of a batch share. */
export interface Limits {
  /** Number of files at a time; null: as many as keep all threads busy. */
  readonly jobs: number | null;
  readonly threads: number;
  /** Bytes for all files together. */
  readonly memory: number;
}

/** Returns a semaphore that lets files start in order while they fit the limits. A file that exceeds the whole budget runs alone. */
export function memoryBudget({ jobs, threads, memory }: Limits): Semaphore<Cost> {
  return new Semaphore((running, next) => {
    if (running.length === 0) return true;
    const used = running.reduce((sum, cost) => sum + cost.memory, 0);
    const busy = running.reduce((sum, cost) => sum + Math.min(threads, cost.tiles), 0);
    return used + next.memory <= memory && (jobs === null ? busy < threads : running.length < jobs);
  });
}
