import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { type ErrorCode, PixrnnError } from '#pixrnn/errors.js';
import { ACCEPTED_BASE, rejectedFiles } from '../../fixtures/rejected-files.js';

/** The codes that the faults of a rule may have. */
const CODES: Readonly<Record<number, readonly ErrorCode[]>> = {
  1: ['input-unsupported'],
  2: ['unknown-version', 'file-corrupt'],
  3: ['file-truncated'],
  7: ['file-corrupt'],
  8: ['limit'],
  11: ['file-corrupt', 'unknown-model'],
  12: ['hash-mismatch'],
  13: ['hash-mismatch'],
  15: ['trailing-bytes'],
};

describe('files that a decoder must reject', () => {
  let pool: EnginePool;
  before(async () => {
    pool = await EnginePool.create({ threads: 1 });
  });
  after(() => pool.close());

  it('are variants of a file that decodes', async () => {
    const { raster } = await decompressToRaster(ACCEPTED_BASE, { pool });
    assert.deepEqual([...raster.samples], [17, 4]);
  });

  for (const { name, rule, bytes } of rejectedFiles()) {
    it(`${name} is rejected by rule ${rule}`, async () => {
      await assert.rejects(decompressToRaster(bytes, { pool }), (error) => {
        assert.ok(error instanceof PixrnnError, String(error));
        const codes = CODES[rule] ?? ['file-corrupt'];
        assert.ok(codes.includes(error.code), `${error.code}: ${error.message}`);
        return true;
      });
    });
  }

  it('cover the rules of the container', () => {
    const format = readFileSync(join(import.meta.dirname, '../../../docs/FORMAT.md'), 'utf8');
    const [, list = ''] = /## What a decoder must reject([^]*?)\n## /.exec(format) ?? [];
    const rules = [...list.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
    // Rule 14 is about recipes and JPEG records (test/recipe, test/jpeg), 16 about metadata and stored sources.
    const covered = new Set([...rejectedFiles().map(({ rule }) => rule), 14, 16]);
    assert.deepEqual(
      [...covered].sort((a, b) => a - b),
      rules,
    );
  });
});
