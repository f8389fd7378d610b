/*
 * A run that is disturbed at random: workers and the queue's server are killed, workers are cut off for longer than their locks, and the disk
 * of the target is filled.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { blobs, generator } from '../../fixtures/draw.js';
import { pngOf } from '../../fixtures/png.js';
import { type RedisProgram, redisServer, type Server } from './servers.js';
import { TestWorker } from './workers.js';

const PIXRNN = join(import.meta.dirname, '../../../bin/pixrnn.js');
const LOCK_SECONDS = 3;
const DISK_KIBIBYTES = 8192;

export interface ChaosOptions {
  readonly program: RedisProgram;
  readonly images: number;
  /** Width and height of the smallest, in pixels. */
  readonly side: number;
  readonly disturbances: number;
  readonly workers: number;
  readonly seed: number;
  readonly print: (line: string) => void;
}

type Context = Pick<TestContext, 'after'>;

/** Runs the disturbed run and asserts that its results are those of an undisturbed one. */
export async function chaos(context: Context, options: ChaosOptions): Promise<void> {
  const { images, print } = options;
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-chaos-'));
  const [source, right, disk] = ['in', 'right', 'disk'].map((name) => join(folder, name)) as [string, string, string];
  const target = join(disk, 'out');
  const bad = writeImages(source, options);
  const hasDisk = mountDisk(context, disk);
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(target);
  const arguments_ = ['compress', '-r', source, '-e', '1', '--json', '--out-dir'];
  const began = performance.now();
  await run([...arguments_, right, '-t', '2']);
  const expected = filesIn(right);
  assert.equal(expected.size, images - bad.length);
  print(`one process: ${images} files in ${seconds(began)}`);

  const server = await redisServer(context, options.program);
  const start = (): Promise<TestWorker> =>
    TestWorker.start(context, server.url, ['--root', folder, '--lock', String(LOCK_SECONDS)]);
  const workers = await Promise.all(Array.from({ length: options.workers }, start));
  const submitted = performance.now();
  const submitter = run([...arguments_, target], { PIXRNN_QUEUE: server.url }, ['--queue-name', 'pixrnn']);
  let isOver = false;
  void submitter.finally(() => (isOver = true));
  const random = generator(options.seed);
  const pick = (count: number): number => Math.floor(random() * count);
  const done: Record<string, number> = {};
  for (let i = 0; i < options.disturbances && !isOver; i++) {
    await delay(500 + 1500 * random());
    const kinds = ['kill a worker', 'kill the server', 'cut off a worker', ...(hasDisk ? ['fill the disk'] : [])];
    const kind = kinds[i % kinds.length] ?? '';
    await disturb(kind, {
      workers,
      at: pick(workers.length),
      start,
      server,
      disk,
      milliseconds: 200 + 1300 * random(),
    });
    done[kind] = (done[kind] ?? 0) + 1;
    const files = filesIn(target);
    for (const [name, bytes] of files) assert.deepEqual(bytes, expected.get(name), `${name} is wrong or half-written`);
    print(`${i + 1}: ${kind}; ${files.size} of ${expected.size} results`);
  }
  const { code, stdout, stderr } = await submitter;
  print(`disturbed run: ${seconds(submitted)}; ${JSON.stringify(done)}`);
  assert.equal(code, 3, `${code}: ${stderr}`);
  const failed = stdout
    .split('\n')
    .filter((line) => line.includes('"event":"error"'))
    .map((line) => (JSON.parse(line) as { file: string }).file);
  assert.deepEqual(failed.sort(), bad, 'the failed files are the bad ones');
  assert.deepEqual(filesIn(target), expected);
  const listed = await run(['queue', 'failed', '--queue', server.url, '--json']);
  const names = listed.stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { file: string }).file);
  assert.deepEqual([...new Set(names)].sort(), bad, 'the list of failures names the bad files');
  await Promise.all(workers.map((worker) => worker.end('SIGTERM')));
}

interface Disturbance {
  readonly workers: TestWorker[];
  readonly at: number;
  readonly start: () => Promise<TestWorker>;
  readonly server: Server;
  readonly disk: string;
  readonly milliseconds: number;
}

async function disturb(kind: string, { workers, at, start, server, disk, milliseconds }: Disturbance): Promise<void> {
  const worker = workers[at];
  if (kind === 'kill a worker') {
    await worker?.end('SIGKILL');
    workers[at] = await start();
  } else if (kind === 'kill the server') {
    await server.kill();
    await delay(milliseconds);
    await server.start();
  } else if (kind === 'cut off a worker') {
    worker?.child.kill('SIGSTOP');
    await delay(1000 * LOCK_SECONDS + milliseconds);
    worker?.child.kill('SIGCONT');
  } else {
    const filler = join(disk, 'filler');
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1k', `count=${DISK_KIBIBYTES}`], { stdio: 'ignore' });
    await delay(milliseconds);
    rmSync(filler);
  }
}

/** Writes images of several sizes; returns the names of those that are none, sorted. */
function writeImages(folder: string, { images, side }: ChaosOptions): string[] {
  const bad: string[] = [];
  for (let i = 0; i < images; i++) {
    const name = `${i % 7}/${i}.png`;
    mkdirSync(join(folder, String(i % 7)), { recursive: true });
    const bytes = pngOf(blobs({ width: side + (i % 9), height: side }, i + 1));
    const isBad = i % 23 === 11;
    if (isBad) bad.push(name);
    writeFileSync(join(folder, name), isBad ? bytes.subarray(0, bytes.length >> 1) : bytes);
  }
  return bad.sort();
}

/** Mounts a small file system in memory at a folder; returns false where that is not allowed. */
function mountDisk(context: Context, folder: string): boolean {
  mkdirSync(folder);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_KIBIBYTES}k`, 'tmpfs', folder]);
  if (status === 0) context.after(() => void spawnSync('umount', ['-l', folder]));
  return status === 0;
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: string[], env: NodeJS.ProcessEnv = {}, more: string[] = []): Promise<Ended> {
  const child = spawn(process.execPath, [PIXRNN, ...args, ...more], { env: { ...process.env, ...env } });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** Returns all files of a folder that are not hidden. */
export function filesIn(folder: string): Map<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name)).sort();
  const found = paths.map((path) => [relative(folder, path), path] as const);
  return new Map(found.filter(([name]) => !name.startsWith('.')).map(([name, path]) => [name, readFileSync(path)]));
}

function seconds(began: number): string {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}
