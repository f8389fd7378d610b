import type { CompressOptions } from '../codec/compress.js';
import { secondsPerPixel } from '../codec/expected-time.js';
import type { Raster } from '../image/raster.js';
import type { Limits, Cost } from './memory-budget.js';

/** The work of a run, known before it starts. */
export interface Workload {
  /** Pixels of all files, times the passes over each. */
  readonly pixels: number;
  readonly costs: readonly Cost[];
}

/** An image to measure the speed on, and the options to code it with. */
export interface Probe {
  readonly raster: Raster;
  readonly options: CompressOptions;
}

/** A lower bound of the speed of a thread, in pixels per second. Runs that need less than a minute even so are not measured. */
const MIN_SPEED = 20_000;

/** Runs of more seconds are long. */
const LONG_SECONDS = 60;

/** Returns the number of threads that a run keeps busy. */
function busyThreads({ costs }: Workload, { jobs, threads }: Limits): number {
  const tiles = costs.reduce((sum, cost) => sum + cost.tiles, 0);
  return Math.min(threads, jobs === null ? tiles : Math.max(1, (jobs * tiles) / costs.length));
}

/**
 * Returns the expected seconds of a run, measured on parts of each probe; null if they are less than a minute. `probes` is only called if the
 * run may be long.
 */
export async function longRunSeconds(
  work: Workload,
  limits: Limits,
  probes: () => AsyncIterable<Probe>,
): Promise<number | null> {
  const threads = busyThreads(work, limits);
  if (work.pixels / (threads * MIN_SPEED) < LONG_SECONDS) return null;
  const measured: number[] = [];
  for await (const { raster, options } of probes()) measured.push(await secondsPerPixel(raster, options));
  if (measured.length === 0) return null;
  const mean = measured.reduce((sum, seconds) => sum + seconds, 0) / measured.length;
  const seconds = (mean * work.pixels) / threads;
  return seconds > LONG_SECONDS ? seconds : null;
}
