import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { screen } from '../../fixtures/draw.js';

test('a small image does not wait for all tiles of an earlier large one', async () => {
  const pool = await EnginePool.create({ threads: 1 });
  try {
    const ended: string[] = [];
    const code = async (name: string, width: number): Promise<void> => {
      await compressRaster(screen({ width, height: 16 }), { pool, verify: false });
      ended.push(name);
    };
    await Promise.all([code('large', 20_000), code('small', 64), code('small', 65)]); // 20 tiles, 1 and 1
    assert.deepEqual(ended, ['small', 'small', 'large']);
  } finally {
    await pool.close();
  }
});
