import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { filesIn } from '../test/farm/chaos.js';
import { type RedisProgram, redisServer } from '../test/farm/servers.js';
import { TestWorker } from '../test/farm/workers.js';
import { blobs } from '../fixtures/draw.js';
import { pngOf } from '../fixtures/png.js';
import type { Context } from './cleanup.js';
import { PIXRNN } from './codec.js';

export interface FileBench {
  readonly program: RedisProgram;
  readonly images: number;
  readonly side: number;
  /** Size of the large image, in megapixels. */
  readonly megapixels: number;
  readonly workers: number;
  readonly print: (line: string) => void;
}

/** Compresses small images and a large one, in one process and by workers, and compares the files. */
export async function measureFiles(context: Context, { print, ...bench }: FileBench): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-farm-bench-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const [source, right, out] = ['in', 'right', 'out'].map((name) => join(folder, name)) as [string, string, string];
  mkdirSync(source);
  for (let i = 0; i < bench.images; i++) {
    writeFileSync(join(source, `${i}.png`), pngOf(blobs({ width: bench.side, height: bench.side }, i + 1)));
  }
  await writeDrawing(join(source, 'large.png'), bench.megapixels);
  const command = ['compress', '-r', source, '-e', '1', '--max-pixels', '1000000000', '-q', '--out-dir'];
  const alone = await timed([...command, right, '-t', '2']);
  print(
    `one process, two threads: ${bench.images} images of ${bench.side} x ${bench.side} and one of ${bench.megapixels} MP in ${alone.toFixed(1)} s`,
  );
  const { url } = await redisServer(context, bench.program);
  const workers = await Promise.all(
    Array.from({ length: bench.workers }, () => TestWorker.start(context, url, ['--root', folder])),
  );
  const farm = await timed([...command, out, '--queue', url]);
  print(`${bench.workers} workers of one thread: ${farm.toFixed(1)} s`);
  const [found, expected] = [filesIn(out), filesIn(right)];
  if (found.size !== expected.size) throw new Error(`the workers wrote ${found.size} of ${expected.size} files.`);
  for (const [name, bytes] of expected) if (!found.get(name)?.equals(bytes)) throw new Error(`${name} differs.`);
  const tiles = workers.map(
    ({ log }) => log.filter(({ event, tile }) => event === 'done' && tile !== undefined).length,
  );
  print(`all ${found.size} files are equal byte for byte; tiles of the large image by worker: ${tiles.join(', ')}`);
}

async function timed(args: readonly string[]): Promise<number> {
  const [program = '', ...options] = PIXRNN;
  const began = performance.now();
  const child = spawn(program, [...options, ...args], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`pixrnn ended with exit code ${code}.`);
  return (performance.now() - began) / 1000;
}

/** Writes a drawing of squares, which the palette coder codes quickly. */
async function writeDrawing(path: string, megapixels: number): Promise<void> {
  const width = 8192;
  const height = Math.round((megapixels * 1e6) / width);
  const samples = Buffer.alloc(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const square = ((x >> 6) * 7 + (y >> 5) * 13) % 11;
      samples[at] = 20 * square;
      samples[at + 1] = x % 64 < 4 ? 255 : 10 * square;
      samples[at + 2] = y % 32 < 2 ? 0 : 128;
    }
  }
  await sharp(samples, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 6 })
    .toFile(path);
}
