import { open } from 'node:fs/promises';
import { fsPath } from '../batch/path-bytes.js';
import type { Probe } from '../batch/estimate.js';
import { decodeHeader } from '../codec/container.js';
import type { CompressOptions } from '../codec/compress.js';
import { readImage } from '../image/read-image.js';
import type { ReadOptions } from '../image/source.js';
import { allocateSamples } from '../samples.js';
import { readInput, STANDARD_STREAM } from './input.js';
import type { SizedTask } from './tasks.js';

/** Maximum number of images to measure the speed on. */
const MAX_PROBES = 3;

/** Positions of the candidates in the list, in sixths. Spread out, because neighbours in a list are often alike. */
const POSITIONS = [3, 1, 5, 2, 4, 0] as const;

/** Yields some of the images. */
export async function* imageProbes(
  tasks: readonly SizedTask[],
  reading: ReadOptions,
  options: CompressOptions,
): AsyncGenerator<Probe> {
  yield* firstOf(tasks, async ({ path }) => {
    const { bytes } = await readInput(path);
    return { raster: (await readImage(bytes, reading)).raster, options };
  });
}

/** Yields noise of the same kind as the files to decode. With a model, coding time does not depend on the content or the direction. */
export async function* noiseProbes(tasks: readonly SizedTask[], options: CompressOptions): AsyncGenerator<Probe> {
  const modelled = tasks.filter(({ size }) => !size.isQuick);
  yield* firstOf(modelled, async ({ path }) => {
    const start = decodeHeader(await readStart(path));
    if (start.kind !== 'pixels') throw new Error('a file without tiles says nothing about their time');
    const { channels, depth, indexed, effort } = start.header;
    const [width, height] = [512, 32];
    const samples = allocateSamples(width * height * channels, depth);
    for (let i = 0, state = 1; i < samples.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      samples[i] = state >>> (32 - depth);
    }
    return { raster: { width, height, channels, depth, indexed, samples }, options: { ...options, effort } };
  });
}

async function* firstOf(
  tasks: readonly SizedTask[],
  probeOf: (task: SizedTask) => Promise<Probe>,
): AsyncGenerator<Probe> {
  const files = tasks.filter(({ fault, path }) => fault === null && path !== STANDARD_STREAM);
  const chosen = new Set(
    POSITIONS.map((position) => files[Math.floor(((position + 0.5) * files.length) / POSITIONS.length)]),
  );
  let found = 0;
  for (const task of chosen) {
    const probe = task && (await probeOf(task).catch(() => null)); // the run itself reports the error
    if (!probe) continue;
    yield probe;
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
