/**
 * Measures pixrnn/web in browsers next to Node.js, in the same run: seconds and peak memory for a Kodak image, with one
 * thread each.
 *
 *   npm run bench:web -- [--image ../shared/data/kodak/kodim23.png]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { serve } from '../scripts/static-server.js';
import { BROWSERS, type TestBrowser } from '../test/web/browsers.js';
import { SHARED_DATA } from '../test/needs.js';
import { markdownTable, mebibytes } from './markdown.js';

const ROOT = join(import.meta.dirname, '../..');
const SAMPLE_MILLISECONDS = 200;

interface Row {
  readonly engine: string;
  readonly compressSeconds: number;
  readonly decompressSeconds: number;
  readonly peakBytes: number;
}

/** Runs a task and samples the memory until it ends. */
async function withPeak<T>(memoryBytes: () => number, task: Promise<T>): Promise<{ result: T; peakBytes: number }> {
  let [peakBytes, isDone] = [0, false];
  const ended = task.finally(() => (isDone = true));
  while (!isDone) {
    peakBytes = Math.max(peakBytes, memoryBytes());
    await Promise.race([ended.catch(() => {}), setTimeout(SAMPLE_MILLISECONDS)]);
  }
  return { result: await ended, peakBytes };
}

async function inBrowser({ name, start }: TestBrowser, image: Uint8Array): Promise<Row> {
  const site = await serve(ROOT);
  const browser = await start();
  try {
    const page = await browser.open();
    await page.goto(`${site.url}test/web/library-page.html`);
    const file = `Uint8Array.from(atob('${Buffer.from(image).toString('base64')}'), (c) => c.charCodeAt(0))`;
    const run = page.evaluate<[number, number]>(`(async () => {
      const codec = new pixrnn.Codec({ threads: 1 });
      const seconds = async (call) => {
        const began = performance.now();
        const result = await call();
        return [(performance.now() - began) / 1000, result];
      };
      const [compress, { bytes }] = await seconds(() => codec.compress(${file}));
      const [decompress] = await seconds(() => codec.decompress(bytes));
      return [compress, decompress];
    })()`);
    const { result, peakBytes } = await withPeak(() => browser.memoryBytes(), run);
    return { engine: name, compressSeconds: result[0], decompressSeconds: result[1], peakBytes };
  } finally {
    await browser.close();
    await site.close();
  }
}

/** Runs a command and returns its seconds and the peak of its resident set. */
async function command(...args: string[]): Promise<{ seconds: number; peakBytes: number }> {
  const began = performance.now();
  const child = spawn('node', [join(ROOT, 'bin/pixrnn.js'), ...args, '--quiet'], { stdio: 'inherit' });
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const residentBytes = (): number => {
    try {
      const [, kilobytes = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      return 1024 * Number(kilobytes);
    } catch {
      return 0; // it has ended
    }
  };
  const { result, peakBytes } = await withPeak(residentBytes, exit);
  if (result !== 0) throw new Error(`pixrnn ${args.join(' ')} failed`);
  return { seconds: (performance.now() - began) / 1000, peakBytes };
}

async function inNode(path: string): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-bench-'));
  try {
    const output = join(folder, 'image.prnn');
    const compressed = await command('compress', path, '-o', output, '--threads', '1');
    const decompressed = await command('decompress', output, '-o', join(folder, 'image.png'), '--threads', '1');
    return {
      engine: `Node.js ${process.version}`,
      compressSeconds: compressed.seconds,
      decompressSeconds: decompressed.seconds,
      peakBytes: Math.max(compressed.peakBytes, decompressed.peakBytes),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: { image: { type: 'string', default: join(SHARED_DATA, 'kodak/kodim23.png') } },
});
const rows = [await inNode(values.image)];
for (const browser of BROWSERS) {
  if (browser.skip) console.error(`${browser.name}: ${browser.skip}`);
  else rows.push(await inBrowser(browser, readFileSync(values.image)));
}
const [node] = rows;
console.log(`${basename(values.image)}, one thread, compressing with verification. ${cpus()[0]?.model}.\n`);
console.log(
  markdownTable(
    ['engine', 'compress, s', 'decompress, s', 'times Node.js', 'peak memory, MiB'],
    rows.map(({ engine, compressSeconds, decompressSeconds, peakBytes }) => [
      engine,
      compressSeconds.toFixed(1),
      decompressSeconds.toFixed(1),
      (compressSeconds / node!.compressSeconds).toFixed(2),
      mebibytes(peakBytes),
    ]),
  ),
);
