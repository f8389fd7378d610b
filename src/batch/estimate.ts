import type { Limits, Cost } from './memory-budget.js';

/** What the time of a file is in proportion to: its pixels, or the bytes of a JPEG file, of which each needs several decisions. */
export type Measure = 'pixels' | 'jpeg-bytes';

/** The work of a file, known before the run starts. */
export interface Work {
  readonly measure: Measure;
  readonly amount: number;
}

/** The work of a run. */
export interface Workload {
  readonly files: readonly { readonly work: Work; readonly cost: Cost }[];
  /** Passes over each file. */
  readonly passes: number;
}

/** A file, or what stands for one, to measure the speed on. */
export interface Probe {
  readonly measure: Measure;
  /** Measures the seconds that one thread needs for a pixel or byte. */
  readonly seconds: () => Promise<number>;
}

export type Speeds = Readonly<Record<Measure, number>>;

/** The expected time of a run. */
export interface ExpectedTime {
  readonly seconds: number;
  /** Seconds that one thread needs for a pixel or byte. */
  readonly speeds: Speeds;
}

/**
 * Seconds that one thread needs for a pixel or byte at the highest effort on a slow machine. Runs that need less than a
 * minute even so are not measured.
 */
export const SLOW: Speeds = { pixels: 1 / 20_000, 'jpeg-bytes': 1 / 50_000 };

/** Runs of more seconds are long. */
const LONG_SECONDS = 60;

/** Returns the seconds that one thread needs for a pass over a file. */
export function secondsOf({ measure, amount }: Work, speeds: Speeds): number {
  return amount * speeds[measure];
}

/**
 * Returns the expected time of a run, measured on parts of each probe; null if it is less than a minute. `probes` is only called if the
 * run may be long.
 */
export async function expectedTime(
  workload: Workload,
  limits: Limits,
  probes: () => AsyncIterable<Probe>,
): Promise<ExpectedTime | null> {
  const secondsAt = (speeds: Speeds): number => {
    const seconds = workload.files.reduce((sum, { work }) => sum + secondsOf(work, speeds), 0);
    return (seconds * workload.passes) / busyThreads(workload, limits);
  };
  if (secondsAt(SLOW) < LONG_SECONDS) return null;
  const measured: { measure: Measure; seconds: number }[] = [];
  for await (const { measure, seconds } of probes()) measured.push({ measure, seconds: await seconds() });
  if (measured.length === 0) return null;
  const meanOf = (wanted: Measure): number | null => {
    const seconds = measured.flatMap((probe) => (probe.measure === wanted ? [probe.seconds] : []));
    return seconds.length === 0 ? null : seconds.reduce((sum, value) => sum + value, 0) / seconds.length;
  };
  const [pixels, jpeg] = [meanOf('pixels'), meanOf('jpeg-bytes')];
  const [perPixel, perByte] = [SLOW.pixels, SLOW['jpeg-bytes']];
  // What was not measured is as much faster than on a slow machine as the other.
  const speeds: Speeds = {
    pixels: pixels ?? perPixel * ((jpeg ?? perByte) / perByte),
    'jpeg-bytes': jpeg ?? perByte * ((pixels ?? perPixel) / perPixel),
  };
  const seconds = secondsAt(speeds);
  return seconds > LONG_SECONDS ? { seconds, speeds } : null;
}

/** Returns the number of threads that a run keeps busy. */
function busyThreads({ files }: Workload, { jobs, threads }: Limits): number {
  const tiles = files.reduce((sum, { cost }) => sum + cost.tiles, 0);
  return Math.min(threads, jobs === null ? tiles : Math.max(1, (jobs * tiles) / files.length));
}
