import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PixrnnError } from '#pixrnn/errors.js';
import { JobWorker } from '#pixrnn/farm/queue/job-worker.js';
import { type RedisProgram, redisServer } from '../test/farm/servers.js';
import type { Context } from './cleanup.js';
import { PIXRNN } from './codec.js';
import { NOTHING } from './farm-queue.js';
import { listingServer } from './listing-server.js';
import { mebibytes } from './markdown.js';

/*
 * The memory of the commands that submit and follow runs of many files.
 */

/** Smaller run to compare with. */
const FEW = 10_000;
/** One job of this many fails. */
const FAILING = 10;

/** Submits and follows runs of a few and of `count` files, in a directory and in a bucket. */
export async function measureNames(
  context: Context,
  program: RedisProgram,
  count: number,
  print: (line: string) => void,
): Promise<void> {
  for (const files of [FEW, count]) {
    const { url, kill } = await redisServer(context, program);
    const folder = mkdtempSync(join(tmpdir(), 'pixrnn-farm-names-'));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    linkNames(join(folder, 'in'), files);
    const bucket = await listingServer(context, files, (i) => nameOf(i, 'png'));
    const results = await listingServer(context, files, (i) => nameOf(i, 'prnn'));
    const compress = ['compress', '-r', join(folder, 'in'), '--out-dir', join(folder, 'out'), '--detach'];
    const fromBucket = ['compress', '-r', 's3://bucket/in', '--out-dir', 's3://bucket/out', '--detach'];
    const report = async (what: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> => {
      print(`${files} files, ${what}: ${await peakOf([...args, '--queue', url], env)}`);
    };
    await report('a directory is submitted', compress);
    await report('and submitted again', compress);
    await report('a bucket is submitted', fromBucket, bucket);
    const stop = await doNothing(url, `verify`);
    await report(
      `a bucket is verified, and one file of ${FAILING} is bad`,
      ['verify', '-r', 's3://bucket/out', '--queue-name', 'verify'],
      results,
    );
    await stop();
    await kill();
    rmSync(folder, { recursive: true });
  }
}

function nameOf(index: number, extension: string): string {
  return `${String(index % 1000).padStart(3, '0')}/IMG_${index}.${extension}`;
}

/** Fills a directory with links to one file, which need no blocks of their own. */
function linkNames(folder: string, count: number): void {
  mkdirSync(folder);
  const file = join(folder, '.file');
  writeFileSync(file, '');
  for (let i = 0; i < count; i++) {
    const path = join(folder, nameOf(i, 'png'));
    if (i < 1000) mkdirSync(dirname(path));
    symlinkSync(file, path);
  }
}

/** Starts a worker that does nothing; returns what stops it. */
async function doNothing(url: string, name: string): Promise<() => Promise<void>> {
  let jobs = 0;
  const worker = await JobWorker.start({
    ...{ url: new URL(url), name, workerName: 'bench', concurrency: 16, lockSeconds: 30 },
    handle: () =>
      jobs++ % FAILING === 0
        ? Promise.reject(new PixrnnError('input-unsupported', 'this file is bad.'))
        : Promise.resolve(NOTHING),
    onError: (error) => process.stderr.write(`${error.message}\n`),
    onStalled: () => undefined,
  });
  return () => worker.stop(10);
}

/** Runs a command and describes its time and the most memory that it had. */
async function peakOf(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const [node = '', ...options] = PIXRNN;
  const began = performance.now();
  const child = spawn(node, [...options, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  let [bytes, messages] = [0, ''];
  child.stderr.on('data', (part: Buffer) => (messages = (messages + part.toString()).slice(-500)));
  const timer = setInterval(() => (bytes = Math.max(bytes, peakBytes(child.pid))), 50);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  if (code !== 0 && code !== 3) throw new Error(`pixrnn ended with exit code ${code}: ${messages}`);
  const last = messages.trim().split('\n').at(-1);
  return `${mebibytes(bytes)} MiB, ${((performance.now() - began) / 1000).toFixed(1)} s (${last})`;
}

/** Returns the peak of a process's memory; 0 if it has ended, or where there is no /proc. */
function peakBytes(pid: number | undefined): number {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    return 1024 * Number(/^VmHWM:\s+(\d+) kB/m.exec(text)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
