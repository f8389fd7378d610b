import { open } from 'node:fs/promises';
import { fsPath } from '../batch/path-bytes.js';
import type { Measure, Probe } from '../batch/estimate.js';
import { decodeHeader } from '../codec/container.js';
import type { CompressOptions } from '../codec/compress.js';
import { expectedJpegSeconds, jpegSecondsPerByte } from '../codec/expected-jpeg-time.js';
import { secondsPerPixel } from '../codec/expected-time.js';
import { DEFAULT_EFFORT } from '../effort.js';
import type { Coders } from '../engine/pool.js';
import type { Raster } from '../image/raster.js';
import { readImage } from '../image/read-image.js';
import type { ReadOptions } from '../image/source.js';
import { lcg } from '../lcg.js';
import { allocateSamples } from '../samples.js';
import { readInput, STANDARD_STREAM } from './input.js';
import type { SizedTask } from './tasks.js';

/** Maximum number of files of a measure to measure the speed on. */
const MAX_PROBES = 3;

/** Positions of the candidates in the list, in sixths. Spread out, because neighbours in a list are often alike. */
const POSITIONS = [3, 1, 5, 2, 4, 0] as const;

type ProbeOptions = CompressOptions & { readonly pool: Coders };

/** Yields some of the files to compress. */
export async function* sourceProbes(
  tasks: readonly SizedTask[],
  reading: ReadOptions,
  options: ProbeOptions,
): AsyncGenerator<Probe> {
  yield* firstOf('pixels', tasks, async ({ path }) => {
    const { raster } = await readImage((await readInput(path)).bytes, reading);
    return () => secondsPerPixel(raster, options);
  });
  const { pool, effort = DEFAULT_EFFORT } = options;
  yield* firstOf('jpeg-bytes', tasks, async ({ path }) => {
    const { bytes } = await readInput(path);
    const seconds = await expectedJpegSeconds(bytes, { pool, effort, maxPixels: reading.maxPixels });
    return seconds === null ? null : () => Promise.resolve(seconds / bytes.length);
  });
}

/** Yields noise of the same kind as the files to decode. Coding time does not depend on the direction, and with a model not on the content. */
export async function* resultProbes(tasks: readonly SizedTask[], options: ProbeOptions): AsyncGenerator<Probe> {
  const modelled = tasks.filter(({ size }) => !size.isQuick);
  yield* firstOf('pixels', modelled, async ({ path }) => {
    const start = decodeHeader(await readStart(path));
    if (start.kind !== 'pixels') return null;
    const { effort } = start.header;
    return () => secondsPerPixel(noise(start.header), { ...options, effort });
  });
  const { pool } = options;
  yield* firstOf('jpeg-bytes', tasks, async ({ path }) => {
    const start = decodeHeader(await readStart(path));
    return start.kind === 'jpeg' ? () => jpegSecondsPerByte({ pool, effort: start.effort }) : null;
  });
}

function noise({ channels, depth, indexed }: Pick<Raster, 'channels' | 'depth' | 'indexed'>): Raster {
  const [width, height] = [512, 32];
  const samples = allocateSamples(width * height * channels, depth);
  const next = lcg();
  for (let i = 0; i < samples.length; i++) samples[i] = next() >>> (32 - depth);
  return { width, height, channels, depth, indexed, samples };
}

/** @param secondsOf returns a measurement of a file, null for one that says nothing about the others */
async function* firstOf(
  measure: Measure,
  tasks: readonly SizedTask[],
  secondsOf: (task: SizedTask) => Promise<Probe['seconds'] | null>,
): AsyncGenerator<Probe> {
  const files = tasks.filter(
    ({ fault, path, work }) => fault === null && path !== STANDARD_STREAM && work.measure === measure,
  );
  const chosen = new Set(
    POSITIONS.map((position) => files[Math.floor(((position + 0.5) * files.length) / POSITIONS.length)]),
  );
  let found = 0;
  for (const task of chosen) {
    const seconds = task && (await secondsOf(task).catch(() => null)); // the run itself reports the error
    if (!seconds) continue;
    yield { measure, seconds };
    if (++found === MAX_PROBES) return;
  }
}

async function readStart(path: string): Promise<Uint8Array> {
  const handle = await open(fsPath(path));
  try {
    return (await handle.read(Buffer.alloc(64), 0, 64, 0)).buffer;
  } finally {
    await handle.close();
  }
}
