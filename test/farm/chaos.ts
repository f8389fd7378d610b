/*
 * A run that is disturbed at random: workers and the queue's server are killed, workers are cut off for longer than their locks, the disk of the
 * target is filled, and S3 fails or is slow.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openStorage } from '#pixrnn/farm/open-storage.js';
import { blobs, generator } from '../../fixtures/draw.js';
import { pngOf } from '../../fixtures/png.js';
import { disturb, type Disturbed, type Kind, kindsOf, LOCK_SECONDS, mountDisk } from './disturbances.js';
import { postgresServer } from './postgres-server.js';
import { createBucket, needsS3, s3Server } from './s3-server.js';
import { type RedisProgram, redisServer } from './servers.js';
import { TestWorker } from './workers.js';

const PIXRNN = join(import.meta.dirname, '../../../bin/pixrnn.js');
const BUCKET = 's3://bucket';
/** Every so many images one is wide enough for two tiles, which become jobs of their own. */
const WIDE_EVERY = 40;
/** Share of the results in which all disturbances happen, if the machine is slow enough. */
const SPREAD = 0.7;
const WIDE = { width: 1100, height: 20 };

export interface ChaosOptions {
  readonly program: RedisProgram | 'postgres';
  /** Whether the results are in a bucket of S3, as the sources are, instead of on a small disk. */
  readonly toBucket: boolean;
  readonly images: number;
  /** Width and height of the smallest, in pixels. */
  readonly side: number;
  readonly disturbances: number;
  readonly workers: number;
  readonly seed: number;
  readonly print: (line: string) => void;
}

type Context = Pick<TestContext, 'after'>;

/**
 * Runs the disturbed run and asserts that its results are those of an undisturbed one. Returns the number of disturbances: fewer than asked
 * for if the run ends before.
 */
export async function chaos(context: Context, options: ChaosOptions): Promise<number> {
  const { images, program, toBucket, print } = options;
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-chaos-'));
  const [local, right] = [join(folder, 'in'), join(folder, 'right')];
  const disk = mountDisk(context, join(folder, 'disk'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const target = toBucket ? `${BUCKET}/out` : join(folder, 'disk/out');
  const sources = imagesOf(options);
  const bad = [...sources.keys()].filter((name) => sources.get(name)!.isBad).sort();
  for (const [name, { bytes }] of sources) {
    mkdirSync(dirname(join(local, name)), { recursive: true });
    writeFileSync(join(local, name), bytes);
  }
  const command = ['compress', '-e', '1', '--json', '-r'];
  const began = performance.now();
  await run([...command, local, '--out-dir', right, '-t', '2']);
  const expected = filesIn(right);
  assert.equal(expected.size, images - bad.length);
  print(`one process: ${images} files in ${seconds(began)}`);

  const s3 = needsS3() === false ? await s3Server(context) : null;
  if (s3) await uploadAll(s3.url, sources);
  else print(`S3 is not disturbed: ${needsS3()}`);
  const source = s3 ? `${BUCKET}/in` : local;
  const results = await resultsIn(context, target, toBucket);
  const server = program === 'postgres' ? await postgresServer(context) : await redisServer(context, program);
  const roots = ['--root', folder, '--root', BUCKET, '--split', '0'];
  const all: TestWorker[] = [];
  const start = async (): Promise<TestWorker> => {
    const worker = await TestWorker.start(context, server.url, [...roots, '--lock', String(LOCK_SECONDS)]);
    all.push(worker);
    return worker;
  };
  const workers = await Promise.all(Array.from({ length: options.workers }, start));
  const submitted = performance.now();
  const submitter = run([...command, source, '--out-dir', target, '--queue', server.url]);
  const disturbed = { server, s3, disk: toBucket ? null : disk, workers, start };
  const count = await disturbAll(disturbed, submitter, options, results.count, async () => {
    if (toBucket) return; // an object appears whole, and reading all of them would outlast the run
    for (const [name, bytes] of await results.read()) {
      assert.deepEqual(bytes, expected.get(name), `${name} is wrong or half-written`);
    }
  });

  const { code, stdout, stderr } = await submitter;
  const logged = (event: string): number => all.flatMap(({ log }) => log).filter((line) => line.event === event).length;
  const events = ['done', 'split', 'failed', 'stalled'].map((event) => `${event} ${logged(event)}`);
  print(`disturbed run: ${seconds(submitted)}; log of the workers: ${events.join(', ')}`);
  assert.equal(code, 3, `${code}: ${stderr}`);
  const failed = linesOf(stdout).filter(({ event }) => event === 'error');
  assert.deepEqual(failed.map(({ file }) => file).sort(), bad, 'the failed files are the bad ones');
  assert.deepEqual(await results.read(), expected);
  assert.deepEqual(toBucket ? [] : readdirSync(target).filter((name) => name.startsWith('.')), [], 'nothing is left');
  const listed = await run(['queue', 'failed', '--queue', server.url, '--json']);
  const names = linesOf(listed.stdout).map(({ file }) => file);
  assert.deepEqual(names.sort(), bad, 'the list of failures names the bad files');
  await Promise.all(workers.map((worker) => worker.end('SIGTERM')));
  print(`all ${expected.size} results are equal byte for byte, and the ${bad.length} bad files are listed`);
  return count;
}

/**
 * Disturbs a run until it ends, each kind as often as the others; returns how often. The disturbances are spread over the run on a slow machine
 * too: each waits for its share of the results.
 * @param countResults returns the number of results
 * @param check asserts that they are right
 */
async function disturbAll(
  disturbed: Disturbed,
  submitter: Promise<unknown>,
  { images, disturbances, seed, print }: ChaosOptions,
  countResults: () => Promise<number>,
  check: () => Promise<void>,
): Promise<number> {
  let isOver = false;
  void submitter.finally(() => (isOver = true));
  const random = generator(seed);
  const pick = (count: number): number => Math.floor(random() * count);
  let kinds: Kind[] = [];
  for (let i = 0; i < disturbances; i++) {
    do await delay(100 + 600 * random());
    while (!isOver && (await countResults()) < (SPREAD * images * i) / disturbances);
    if (isOver) return i;
    if (kinds.length === 0) kinds = kindsOf(disturbed);
    const [kind] = kinds.splice(pick(kinds.length), 1);
    const began = performance.now();
    if (kind) await disturb(kind, disturbed, 200 + 1300 * random(), pick(disturbed.workers.length));
    await check();
    print(`${i + 1}: ${kind}, ${seconds(began)}; ${await countResults()} results`);
  }
  return disturbances;
}

interface SourceImage {
  readonly bytes: Uint8Array;
  /** Whether it is only the first half of a file. */
  readonly isBad: boolean;
}

/** Draws images of several sizes. */
function imagesOf({ images, side }: ChaosOptions): Map<string, SourceImage> {
  const drawn = Array.from({ length: images }, (_, i): [string, SourceImage] => {
    const size = i % WIDE_EVERY === 5 ? WIDE : { width: side + (i % 9), height: side };
    const bytes = pngOf(blobs(size, i + 1));
    const isBad = i % 23 === 11;
    return [`${i % 7}/${i}.png`, { bytes: isBad ? bytes.subarray(0, bytes.length >> 1) : bytes, isBad }];
  });
  return new Map(drawn);
}

async function uploadAll(url: string, sources: ReadonlyMap<string, SourceImage>): Promise<void> {
  const client = await createBucket(url);
  client.destroy();
  const storage = await openStorage(`${BUCKET}/in`);
  for (const [name, { bytes }] of sources) await storage.write(name, bytes, { replace: true });
  storage.close();
}

/** The results of a run. */
interface Results {
  readonly count: () => Promise<number>;
  readonly read: () => Promise<Map<string, Buffer>>;
}

async function resultsIn(context: Context, target: string, isBucket: boolean): Promise<Results> {
  if (!isBucket) {
    mkdirSync(target, { recursive: true });
    const read = () => Promise.resolve(filesIn(target));
    return { read, count: async () => (await read()).size };
  }
  const storage = await openStorage(target);
  context.after(() => storage.close());
  const names = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { name } of storage.list(() => true)) found.push(name);
    return found.sort();
  };
  return {
    count: async () => (await names()).length,
    async read() {
      const found = new Map<string, Buffer>();
      for (const name of await names()) found.set(name, Buffer.from((await storage.read(name)).bytes));
      return found;
    },
  };
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [PIXRNN, ...args]);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

function linesOf(text: string): { readonly event?: string; readonly file: string }[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as { event?: string; file: string });
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
