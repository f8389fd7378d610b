import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { parseFile } from '#pixrnn/codec/container.js';
import { extensionOf } from '#pixrnn/codec/source-of.js';
import { MAX_RECORD, MAX_STRUCTURES } from '#pixrnn/codec/jpeg-record.js';
import { MAX_INFLATED } from '#pixrnn/image/ancillary-chunks.js';
import { MAX_METADATA, MAX_RECORDS } from '#pixrnn/image/png-metadata.js';
import { MAX_JPEG_BYTES } from '#pixrnn/jpeg/parsed-jpeg.js';
import { MAX_PARTS, MAX_RECIPE, MAX_SKELETON } from '#pixrnn/recipe/recipe.js';
import { worstFiles, type WorstFile } from './worst-files.js';

/* Peak memory and time of the commands that decode, over the worst files that are known (docs/BATCH.md has the bound). */

const MEBIBYTE = 2 ** 20;
const THREADS = 1;
const folder = mkdtempSync(join(tmpdir(), 'pixrnn-peak-'));
const PROGRAM = join(import.meta.dirname, '../../../bin/pixrnn.js');

/** Prints the peak of the process, in KiB, as its last line. The peak of `resourceUsage` may be that of the parent. */
const PROBE = `import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
const peak = () => /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))[1];
if (isMainThread) process.on('exit', () => process.stderr.write(\`\\npeak \${peak()}\\n\`));`;

let files: WorstFile[];
before(
  async () => {
    writeFileSync(join(folder, 'probe.mjs'), PROBE);
    const pool = await EnginePool.create({ threads: 2 });
    files = await worstFiles(pool).finally(() => pool.close());
  },
  { timeout: 1_800_000 },
);
after(() => rmSync(folder, { recursive: true, force: true }));

/** The bound of docs/BATCH.md, in MiB. */
function bound({ samples, coefficients, bytes, unpacks }: WorstFile): number {
  const ofFile = 3 * bytes.length + (coefficients > 0 ? 4 * coefficients : 6 * samples);
  return 160 + 140 * THREADS + 4 + ofFile / MEBIBYTE + (unpacks ? UNPACKED : 0);
}

/** Bytes of the objects for a part of a recipe, for a chunk of metadata, and for a byte of structures. */
const [PER_PART, PER_RECORD, PER_STRUCTURE_BYTE] = [1100, 500, 60];

/** What metadata, recipe or record may need, in MiB, from the limits of each and the copies that exist at a time (docs/BATCH.md). */
const UNPACKED =
  Math.max(
    3 * MAX_METADATA + PER_RECORD * MAX_RECORDS,
    2 * MAX_RECIPE + 2 * MAX_SKELETON + PER_PART * MAX_PARTS + 3 * MAX_METADATA + 4 * MAX_INFLATED,
    2 * MAX_RECORD + MAX_JPEG_BYTES + PER_STRUCTURE_BYTE * MAX_STRUCTURES,
  ) / MEBIBYTE;

async function peakOf(...args: string[]): Promise<{ peak: number; code: number | null; seconds: number }> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', join(folder, 'probe.mjs'), PROGRAM, ...args], {
    ...{ cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  });
  let text = '';
  child.stderr.on('data', (part: Buffer) => (text += part.toString()));
  const timer = setTimeout(() => child.kill(), 600_000);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  const [, peak] = /\npeak (\d+)\n$/.exec(text) ?? [];
  assert.ok(peak, text);
  if (code !== 0) console.log(text.trim());
  return { peak: Number(peak) / 1024, code, seconds: (performance.now() - began) / 1000 };
}

const skip = !existsSync('/proc/self/status') && 'the peak is read from /proc';

describe('the peak of the process stays within the bound', { timeout: 3_600_000, skip }, () => {
  for (const [name, ...args] of [
    ['info', 'worst.prnn'],
    ['verify', '--full', '-t', String(THREADS), 'worst.prnn'],
    ['decompress', '-f', '-t', String(THREADS), 'worst.prnn'],
    ['decompress', '-f', '-t', String(THREADS), '--format', 'png', 'worst.prnn'],
  ] as const) {
    test([name, ...args].join(' '), async () => {
      for (const file of files) {
        // Without a source, `decompress` writes a PNG file anyway.
        if ((args as readonly string[]).includes('png') && extensionOf(parseFile(file.bytes)) === null) continue;
        writeFileSync(join(folder, 'worst.prnn'), file.bytes);
        const { peak, code, seconds } = await peakOf(name, ...args);
        const max = bound(file);
        console.log(
          `${file.name}, ${file.bytes.length} bytes: ${Math.round(peak)} of ${Math.round(max)} MiB, ${seconds.toFixed(1)} s, exit code ${code}`,
        );
        assert.equal(code, 0, file.name);
        assert.ok(peak < max, `${file.name}: ${Math.round(peak)} of ${Math.round(max)} MiB`);
      }
    });
  }
});
