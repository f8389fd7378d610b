import assert from 'node:assert/strict';
import { compressBrotli, decompressBrotli } from '#pixrnn/brotli.js';
import { equalBytes } from '#pixrnn/bytes.js';
import { encodeJpegFile, type JpegFile, parseFile } from '#pixrnn/codec/container.js';
import { restoreFile } from '#pixrnn/codec/restore-file.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { type ErrorCode, PixrnnError } from '#pixrnn/errors.js';
import { readSources } from '../../fixtures/golden.js';
import { goldenSources } from '../../fixtures/golden-sources.js';
import { FILE_CODES } from '../../scripts/fuzz/outcome.js';
import { mutated, type Random } from '../jpeg/mutations.js';
import { chooser } from '../jpeg/synthetic.js';

/** How mutated .prnn files were handled. */
export interface JpegOutcomes {
  /** Files that still restore their source. */
  restored: number;
  /** Refused files by error code. */
  readonly refused: Partial<Record<ErrorCode, number>>;
  slowestMs: number;
}

interface Seed {
  readonly source: Uint8Array;
  readonly file: JpegFile;
  /** The record before Brotli. */
  readonly record: Uint8Array;
}

const MAX_PIXELS = 100_000;
/**
 * Decodes `count` mutated .prnn files of JPEG coefficients, whose checks are those of the mutated bytes. A file that
 * restores other bytes than its source, or any other error than a PixrnnError, fails.
 */
export async function fuzzJpegFiles(count: number, seed: number): Promise<JpegOutcomes> {
  const pool = await EnginePool.create({ threads: 2 });
  const outcomes: JpegOutcomes = { restored: 0, refused: {}, slowestMs: 0 };
  try {
    const seeds = await seedFiles(pool);
    const random = chooser([seed]);
    let made = 0;
    const worker = async (): Promise<void> => {
      while (made < count) {
        const chosen = seeds[made++ % seeds.length]!;
        await decodeMutated(await mutatedFile(chosen, random), chosen, pool, outcomes);
      }
    };
    await Promise.all([worker(), worker(), worker()]);
  } finally {
    await pool.close();
  }
  return outcomes;
}

async function seedFiles(pool: EnginePool): Promise<Seed[]> {
  const seeds: Seed[] = [];
  for (const { source, write } of goldenSources(readSources().filter(({ picture }) => picture === null))) {
    const file = parseFile(await write(pool));
    if ('record' in file) seeds.push({ source, file, record: await decompressBrotli(file.record, 2 ** 20) });
  }
  return seeds;
}

/** Returns a file with other coefficients, another record or other header fields. */
async function mutatedFile({ file, record }: Seed, random: Random): Promise<Uint8Array> {
  switch (random(8)) {
    case 0:
      return mutated(encodeJpegFile(file), random); // with the old checks
    case 1:
      return encodeJpegFile({ ...file, width: 1 + random(80), height: 1 + random(80) });
    case 2:
      return encodeJpegFile({ ...file, record: mutated(file.record, random) });
    case 3:
    case 4:
      return encodeJpegFile({ ...file, record: await compressBrotli(mutated(record, random)) });
    default: {
      const changed = random(file.coefficients.length);
      const coefficients = file.coefficients.map((payload, i) => (i === changed ? mutated(payload, random) : payload));
      return encodeJpegFile({ ...file, coefficients });
    }
  }
}

async function decodeMutated(bytes: Uint8Array, { source }: Seed, pool: EnginePool, to: JpegOutcomes): Promise<void> {
  const start = performance.now();
  try {
    const restored = await restoreFile(parseFile(bytes, { maxPixels: MAX_PIXELS }), { pool, maxPixels: MAX_PIXELS });
    assert.ok(restored !== null && equalBytes(restored, source), 'other bytes are restored');
    to.restored++;
  } catch (error) {
    if (!(error instanceof PixrnnError)) throw error;
    assert.ok(FILE_CODES.includes(error.code), `${error.code}: ${error.message}`);
    to.refused[error.code] = (to.refused[error.code] ?? 0) + 1;
  }
  to.slowestMs = Math.max(to.slowestMs, performance.now() - start);
}
