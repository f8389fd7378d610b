import '#pixrnn/node/install.js';
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { fileSize } from '#pixrnn/batch/header.js';
import { fixedMemory, costOf } from '#pixrnn/batch/memory.js';
import { PIXRNN } from './codec.js';
import { mebibytes } from './markdown.js';
import { requirePrograms, run, runMeasured } from './measured-run.js';
import { countOption, runMain } from './options.js';
import { temporaryFolder } from './temporary-folder.js';

const HELP = `Compresses a directory of photographs as one batch, then again with SIGKILL at random moments and restarts, and compares.
Run from the root of the repository.

npm run bench:batch -- [options]
  --images N    number of photographs (300)
  --side N      width and height of each, in pixels (96)
  --kills N     number of kills (10)
  --seed N      random seed of the generator (1)
  --data DIR    directory of the data sets (../shared/data)
`;

const BATCH = ['--jobs', '2', '--threads', '2', '--effort', '1', '--no-verify'];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      images: { type: 'string' },
      side: { type: 'string' },
      kills: { type: 'string' },
      seed: { type: 'string' },
      data: { type: 'string', default: '../shared/data' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const [images, side] = [countOption('images', values.images, 300), countOption('side', values.side, 96)];
  const [kills, seed] = [countOption('kills', values.kills, 10), countOption('seed', values.seed, 1)];
  await requirePrograms({});
  const folder = temporaryFolder();
  const [source, whole, killed] = ['in', 'whole', 'killed'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await makeImages(join(values.data, 'photos-train'), source, images, side);
  await mkdir(killed);

  const command = [...PIXRNN, 'compress', '-r', source, ...BATCH, '--out-dir'];
  const events = join(folder, 'events');
  const toFile = ['sh', '-c', 'events=$0; exec "$@" > "$events"', events];
  const cost = await runMeasured([...toFile, ...command, whole, '--json'], '0-1', folder);
  const right = await filesIn(whole);
  if (right.size !== images) throw new Error(`the undisturbed run wrote ${right.size} of ${images} files.`);
  print(
    `undisturbed: ${images} images of ${side} x ${side} in ${cost.seconds.toFixed(1)} s, peak ${mebibytes(cost.peakBytes)} MiB`,
  );
  const bound = await memoryBound(source, images);
  print(`the formula's bound: ${mebibytes(bound)} MiB${cost.peakBytes <= bound ? '' : ', EXCEEDED'}`);

  print(timeLeft(await readFile(events, 'utf8')));

  const random = generator(seed);
  let done = 0;
  for (let kill = 1; kill <= kills; kill++) {
    const [min, max] = [(0.7 * cost.seconds) / kills, (1.2 * cost.seconds) / kills];
    const seconds = 0.5 + min + (max - min) * random();
    const signal = await killAfter([...command, killed, '--skip-existing', '-q'], seconds);
    const files = await filesIn(killed);
    const temporary = [...files.keys()].filter((name) => name.endsWith('.tmp'));
    for (const name of temporary) files.delete(name);
    requireSame(files, right);
    done = files.size;
    print(
      `kill ${kill}: after ${seconds.toFixed(2)} s (${signal ?? 'already finished'}), ${done} complete files, ${temporary.length} temporary files`,
    );
  }
  await run(command[0]!, [...command.slice(1), killed, '--skip-existing', '-q']);
  const files = await filesIn(killed);
  requireSame(files, right);
  if (files.size !== right.size) throw new Error(`the restarted run wrote ${files.size} of ${right.size} files.`);
  print(`restarted run: ${files.size} files, identical to those of the undisturbed run, no temporary files`);
  if (cost.peakBytes > bound) throw new Error('the peak memory exceeds the documented bound.');
}

/** Writes `count` photographs as PNG files into ten folders. */
async function makeImages(from: string, to: string, count: number, side: number): Promise<void> {
  const names = (await readdir(from)).filter((name) => name.endsWith('.webp')).sort();
  if (names.length < count) throw new Error(`${from} has ${names.length} images, fewer than ${count}.`);
  for (const [i, name] of names.slice(0, count).entries()) {
    const folder = join(to, String(i % 10));
    await mkdir(folder, { recursive: true });
    const image = sharp(join(from, name)).extract({ left: 0, top: 0, width: side, height: side });
    await image.png().toFile(join(folder, name.replace(/\.webp$/, '.png')));
  }
}

/**
 * Returns the memory that docs/BATCH.md states as the maximum for two files at a time and two threads: the largest
 * images.
 */
async function memoryBound(source: string, images: number): Promise<number> {
  const paths = [...(await filesIn(source)).keys()].map((name) => join(source, name));
  const loads = await Promise.all(paths.map(async (path) => costOf(await fileSize(path)).memory));
  const [first = 0, second = 0] = loads.sort((a, b) => b - a);
  return fixedMemory(2) + first + (images > 1 ? second : 0);
}

/** Returns the error of the first estimate of the remaining time that follows a tenth of the work. */
function timeLeft(events: string): string {
  const all = events
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const progress = all.filter(({ event }) => event === 'progress') as Record<string, number>[];
  const at = progress.findIndex(({ megapixels = 0, totalMegapixels = 0 }) => megapixels >= totalMegapixels / 10);
  const first = progress[at];
  if (!first) return 'time left: the run was too short for an estimate';
  const began = 5 * (at + 1); // one event every 5 seconds
  const estimate = began + (first['secondsLeft'] ?? 0);
  const real = all.at(-1)?.['seconds'] as number;
  const share = (100 * (first['megapixels'] ?? 0)) / (first['totalMegapixels'] ?? 1);
  const error = 100 * (estimate / real - 1);
  return `time left after ${share.toFixed(0)} % of the work: ${estimate.toFixed(1)} s in total, actually ${real.toFixed(1)} s (error ${error.toFixed(1)} %)`;
}

/** Returns all files below a folder by their relative path. */
async function filesIn(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const read = async (path: string) => [relative(folder, path), await readFile(path)] as const;
  return new Map(await Promise.all(paths.map(read)));
}

function requireSame(files: Map<string, Buffer>, right: Map<string, Buffer>): void {
  for (const [name, bytes] of files) {
    if (!right.get(name)?.equals(bytes)) throw new Error(`${name} differs from the file of the undisturbed run.`);
  }
}

/** Starts a command and kills it after `seconds` unless it has exited; returns the signal that ended it. */
function killAfter([program = '', ...args]: string[], seconds: number): Promise<NodeJS.Signals | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), 1000 * seconds);
    child.on('error', reject);
    child.on('exit', (_, signal) => {
      clearTimeout(timer);
      resolve(signal);
    });
  });
}

/** Returns a generator of numbers from 0 to 1 (Lehmer's). */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16807) % 2147483647) / 2147483647;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await runMain(main);
