import type { CompressOptions } from '../codec/compress.js';
import { secondsPerPixel } from '../codec/expected-time.js';
import type { Raster } from '../image/raster.js';
import type { Limits, Cost } from './memory-budget.js';

/** A run's work as it is known before. */
export interface Workload {
  /** Pixels of all files, times the passes over each. */
  readonly pixels: number;
  readonly loads: readonly Cost[];
}

/** An image to measure the speed on, and how it is coded. */
export interface Probe {
  readonly raster: Raster;
  readonly options: CompressOptions;
}

/** Pixels a second that a thread does on any machine; with less than a minute of them nothing is measured. */
const SLOWEST = 20_000;

/** From so many seconds on a run is long. */
const LONG = 60;

/** How many threads a run keeps busy. */
function busyThreads({ loads }: Workload, { jobs, threads }: Limits): number {
  const tiles = loads.reduce((sum, load) => sum + load.tiles, 0);
  return Math.min(threads, jobs === null ? tiles : Math.max(1, (jobs * tiles) / loads.length));
}

/**
 * Seconds that a run will take if that is more than a minute, else null: measured on parts of each probe. Probes are only made where
 * the run may be long.
 */
export async function longRunSeconds(
  work: Workload,
  limits: Limits,
  probes: () => AsyncIterable<Probe>,
): Promise<number | null> {
  const threads = busyThreads(work, limits);
  if (work.pixels / (threads * SLOWEST) < LONG) return null;
  const measured: number[] = [];
  for await (const { raster, options } of probes()) measured.push(await secondsPerPixel(raster, options));
  if (measured.length === 0) return null;
  const mean = measured.reduce((sum, seconds) => sum + seconds, 0) / measured.length;
  const seconds = (mean * work.pixels) / threads;
  return seconds > LONG ? seconds : null;
}
