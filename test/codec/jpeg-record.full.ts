import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compressJpeg } from '#pixrnn/codec/compress-jpeg.js';
import { inThread } from '../../fixtures/in-thread.js';
import { fileWithThumbnails } from '../jpeg/drawn-pixels.js';

test('a file of 300 thumbnails is compressed and restored', { timeout: 120_000 }, async () => {
  const pool = await inThread();
  const file = await compressJpeg({ bytes: await fileWithThumbnails(300), extension: '.jpg' }, { pool, effort: 1 });
  assert.equal(file.storedBecause, null);
});
