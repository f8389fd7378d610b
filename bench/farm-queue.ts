import { Redis } from 'ioredis';
import type { FileOutcome } from '#pixrnn/farm/jobs.js';
import { JobQueue } from '#pixrnn/farm/queue/job-queue.js';
import { JobWorker } from '#pixrnn/farm/queue/job-worker.js';
import { runOf } from '#pixrnn/farm/run.js';
import { survey } from '#pixrnn/farm/survey.js';
import { listing } from '../test/farm/listing.js';
import { type RedisProgram, redisServer } from '../test/farm/servers.js';
import type { Context } from './cleanup.js';
import { mebibytes } from './markdown.js';

/*
 * The cost of the queue itself: jobs that do nothing.
 */

/** The outcome of a job that does nothing. */
export const NOTHING: FileOutcome = {
  status: 'done',
  output: 'a',
  sourceBytes: 0,
  bytes: 0,
  pixels: 0,
  samples: 0,
  seconds: 0,
};

/** Submits and does `count` jobs that do nothing. */
export async function measureQueue(
  context: Context,
  program: RedisProgram,
  count: number,
  print: (line: string) => void,
): Promise<void> {
  const server = await redisServer(context, program);
  const url = new URL(server.url);
  const client = new Redis(server.url);
  context.after(() => client.disconnect());
  const usedBytes = async (): Promise<number> =>
    Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1] ?? 0);
  const queue = await JobQueue.connect(url, 'bench');
  context.after(() => queue.close());
  const run = runOf('compress', '/archive/photos', '/archive/small', { effort: 3 });
  const storages = {
    source: listing(count, (i) => `2024/${String(i % 366).padStart(3, '0')}/IMG_${i}.png`),
    target: null,
  };

  const empty = await usedBytes();
  const began = performance.now();
  let peak = 0;
  await survey(queue, run, storages, { onProgress: () => (peak = Math.max(peak, process.memoryUsage().rss)) });
  const seconds = (performance.now() - began) / 1000;
  print(
    `submission: ${count} jobs in ${seconds.toFixed(1)} s, ${(count / seconds).toFixed(0)} a second; at most ${mebibytes(peak)} MiB in the submitter`,
  );
  const perJob = ((await usedBytes()) - empty) / count;
  print(`${program}: ${perJob.toFixed(0)} bytes per waiting job`);

  for (const [concurrency, share] of [
    [1, 0.1],
    [16, 0.9],
  ] as const) {
    const jobs = Math.floor(count * share);
    const cpu = process.cpuUsage();
    const start = performance.now();
    await drain(url, jobs, concurrency);
    const wall = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    print(
      `a worker with ${concurrency} at a time: ${(wall / jobs).toFixed(2)} ms of wall time and ` +
        `${((user + system) / 1000 / jobs).toFixed(2)} ms of CPU per job, ${((1000 * jobs) / wall).toFixed(0)} a second`,
    );
  }
  print(`${program}: ${(((await usedBytes()) - empty) / count).toFixed(0)} bytes per completed job`);

  const surveyed = performance.now();
  const { done } = await survey(queue, run, storages);
  print(`a survey of ${done} completed jobs: ${((performance.now() - surveyed) / 1000).toFixed(1)} s`);
}

/** Does a number of jobs. */
async function drain(url: URL, jobs: number, concurrency: number): Promise<void> {
  let left = jobs;
  let onDone: () => void = () => undefined;
  const isDone = new Promise<void>((resolve) => (onDone = resolve));
  const worker = await JobWorker.start({
    ...{ url, name: 'bench', workerName: 'bench', concurrency, lockSeconds: 30 },
    handle: () => {
      if (--left === 0) onDone();
      return Promise.resolve(NOTHING);
    },
    onError: (error) => process.stderr.write(`${error.message}\n`),
    onStalled: () => undefined,
  });
  await isDone;
  await worker.stop(10);
}
