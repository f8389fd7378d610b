import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesIn } from '../test/farm/chaos.js';
import { type RedisProgram, redisServer } from '../test/farm/servers.js';
import { TestWorker } from '../test/farm/workers.js';
import type { Context } from './cleanup.js';
import { PIXRNN } from './codec.js';
import { mainThreadSeconds, processSeconds } from './cpu.js';
import { copyPhotographs, drawImages } from './farm-images.js';

export interface FileBench {
  readonly program: RedisProgram;
  readonly images: number;
  /** Folders of photographs; none: the images are drawn. */
  readonly sources: readonly string[];
  readonly side: number;
  /** Size of the large image, in megapixels. */
  readonly megapixels: number;
  readonly workers: number;
  readonly print: (line: string) => void;
}

/** Megapixels from which images are split, by default; smaller for a smaller large image, so that it is split too. */
const SPLIT = 16;

/** Compresses small images and a large one, in one process and by workers, and compares the files. */
export async function measureFiles(context: Context, { print, ...bench }: FileBench): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-farm-bench-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const [source, right, out] = ['in', 'right', 'out'].map((name) => join(folder, name)) as [string, string, string];
  const { images, side, megapixels, sources } = bench;
  if (sources.length === 0) await drawImages(source, images, side, megapixels);
  const photographs = sources.length > 0 ? await copyPhotographs(source, sources, images, megapixels) : null;
  const what = photographs === null ? `${images} images of ${side} x ${side}` : `${photographs} photographs`;
  const command = ['compress', '-r', source, '-e', '1', '--max-pixels', '1000000000', '-q', '--out-dir'];
  const alone = await timed([...command, right, '-t', '2']);
  print(`one process, two threads: ${what} and one image of ${megapixels} MP in ${alone.text}`);
  const { url, pid } = await redisServer(context, bench.program);
  const workers = await Promise.all(
    Array.from({ length: bench.workers }, () =>
      TestWorker.start(context, url, ['--root', folder, '--split', String(Math.min(SPLIT, Math.ceil(megapixels / 2)))]),
    ),
  );
  const cpu = queueCpu(workers, pid());
  const farm = await timed([...command, out, '--queue', url]);
  print(`${bench.workers} workers of one thread: ${farm.text}`);
  const [found, expected] = [filesIn(out), filesIn(right)];
  const tiles = workers.map(
    ({ log }) => log.filter(({ event, tile }) => event === 'done' && tile !== undefined).length,
  );
  print(cpu(farm.cpu, expected.size + tiles.reduce((sum, count) => sum + count, 0)));
  if (found.size !== expected.size) throw new Error(`the workers wrote ${found.size} of ${expected.size} files.`);
  for (const [name, bytes] of expected) if (!found.get(name)?.equals(bytes)) throw new Error(`${name} differs.`);
  print(`all ${found.size} files are equal byte for byte; tiles of the large image by worker: ${tiles.join(', ')}`);
}

/** Measures what the queue costs from now on; the returned function describes it. */
function queueCpu(
  workers: readonly TestWorker[],
  server: number | undefined,
): (submitter: number, jobs: number) => string {
  const read = () => ({
    queue: sum(workers.map(({ child }) => mainThreadSeconds(child.pid))),
    all: sum(workers.map(({ child }) => processSeconds(child.pid))),
    server: sum([processSeconds(server)]),
  });
  const before = read();
  return (submitter, jobs) => {
    const after = read();
    const [queue, served, all] = (['queue', 'server', 'all'] as const).map((name) => after[name] - before[name]) as [
      number,
      number,
      number,
    ];
    const share = (100 * (queue + served + submitter)) / (all + served + submitter);
    return (
      `CPU: workers ${all.toFixed(1)} s, of these ${queue.toFixed(2)} s in their main threads, which talk to the queue; ` +
      `server ${served.toFixed(2)} s, submitter ${submitter.toFixed(2)} s: ${share.toFixed(2)} % for the queue; ` +
      `${((1000 * (queue + served)) / jobs).toFixed(1)} ms a job without the submitter`
    );
  };
}

function sum(seconds: readonly (number | null)[]): number {
  return seconds.reduce<number>((total, one) => total + (one ?? 0), 0);
}

interface Timed {
  readonly text: string;
  /** Seconds of CPU, read every 100 ms. */
  readonly cpu: number;
}

async function timed(args: readonly string[]): Promise<Timed> {
  const [program = '', ...options] = PIXRNN;
  const began = performance.now();
  const child: ChildProcess = spawn(program, [...options, ...args], { stdio: 'inherit' });
  let cpu = 0;
  const timer = setInterval(() => (cpu = processSeconds(child.pid) ?? cpu), 100);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearInterval(timer);
  if (code !== 0) throw new Error(`pixrnn ended with exit code ${code}.`);
  return { text: `${((performance.now() - began) / 1000).toFixed(1)} s (${cpu.toFixed(1)} s of CPU)`, cpu };
}
