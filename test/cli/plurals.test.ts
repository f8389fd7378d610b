import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeContainer } from '#pixrnn/codec/container.js';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { counted, countedWith } from '#pixrnn/counted.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { workText } from '#pixrnn/cli/run-report.js';
import { flat } from '../../fixtures/draw.js';

test('counts of one have a singular noun and verb', async () => {
  assert.deepEqual([counted(0, 'byte'), counted(1, 'byte'), counted(2, 'byte')], ['0 bytes', '1 byte', '2 bytes']);
  assert.equal(countedWith(1, 'byte', 'are missing'), '1 byte is missing');
  assert.equal(countedWith(3, 'byte', 'follow'), '3 bytes follow');
  assert.equal(workText(1, 2e6), '1 file, 2.0 megapixels');
  await assert.rejects(readImage(Buffer.from('P5 2 1 255\nx')), /cut off: 1 byte is missing/);
  const { bytes } = await compressRaster(flat({ width: 8, height: 8 }), { effort: 1, threads: 1 });
  assert.throws(() => decodeContainer(Buffer.concat([bytes, Buffer.of(0)])), /but 1 more byte follows\. Remove/);
});
