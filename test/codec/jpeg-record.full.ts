import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes } from '#pixrnn/bytes.js';
import { compressJpeg } from '#pixrnn/codec/compress-jpeg.js';
import { inOrder } from '#pixrnn/codec/jpeg-record.js';
import { MAX_IMAGES, MAX_NESTING } from '#pixrnn/jpeg/parsed-jpeg.js';
import { inThread } from '../../fixtures/in-thread.js';
import { drawnImage } from '../jpeg/drawn-pixels.js';
import { assertRebuilds } from '../jpeg/rebuild.js';

test('a file of 300 thumbnails is restored; the last ones are literals', { timeout: 120_000 }, async () => {
  const thumbnail = await drawnImage(8, 8).jpeg().toBuffer();
  const bytes = concatBytes([
    await drawnImage(16, 16).jpeg().toBuffer(),
    ...Array.from({ length: 300 }, () => thumbnail),
  ]);
  const parsed = assertRebuilds(bytes);
  assert.equal(inOrder(parsed).length, MAX_IMAGES - MAX_NESTING);
  const pool = await inThread();
  const file = await compressJpeg({ bytes, extension: '.jpg' }, { pool, effort: 1 });
  assert.equal(file.storedBecause, null);
});
