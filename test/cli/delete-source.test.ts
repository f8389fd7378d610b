import assert from 'node:assert/strict';
import { statSync, utimesSync } from 'node:fs';
import { test } from 'node:test';
import { fileDifference, prnnDifference } from '#pixrnn/batch/read-back.js';
import { deleteSource } from '#pixrnn/cli/delete-source.js';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { writeImage } from '#pixrnn/node/image/write-image.js';
import { blobs } from '../../fixtures/draw.js';
import { Folder } from './pixrnn.js';

const raster = blobs({ width: 20, height: 12 });
const changed = { ...raster, samples: raster.samples.map((sample, i) => (i === 7 ? sample ^ 1 : sample)) };

test('a source goes when its result is right, and stays in all other cases', async (context) => {
  const folder = new Folder(context);
  const attempt = (stats: ReturnType<typeof stat> | null, difference: () => Promise<string | null>) =>
    deleteSource(folder.at('a.png'), stats, folder.at('a.prnn'), difference);
  const stat = () => statSync(folder.at('a.png'), { bigint: true });
  const right = () => Promise.resolve(null);
  folder.put('a.png', raster);
  folder.put('a.prnn', Buffer.from('the result'));
  const kept = { code: 'output-failed', message: /the source is kept/ };
  await assert.rejects(
    attempt(stat(), () => Promise.resolve('it holds other samples')),
    kept,
  );
  await assert.rejects(
    attempt(stat(), () => Promise.reject(new Error('the file is cut off'))),
    {
      ...kept,
      message:
        /a\.prnn, read again from the disk, does not give the source back \(the file is cut off\): the source is kept/,
    },
  );
  await assert.rejects(attempt(null, right), kept);
  const before = stat();
  utimesSync(folder.at('a.png'), 1e9, 1e9);
  await assert.rejects(attempt(before, right), { ...kept, message: /changed while it was worked on/ });
  assert.deepEqual(folder.list(), ['a.png', 'a.prnn']);
  await attempt(stat(), right);
  assert.deepEqual(folder.list(), ['a.prnn']);
});

test('what is read back is the file, with every sample', async (context) => {
  const folder = new Folder(context);
  const image = { raster, metadata: [] };
  folder.put('right.prnn', (await compressRaster(raster, { effort: 1 })).bytes);
  folder.put('other.prnn', (await compressRaster(changed, { effort: 1 })).bytes);
  assert.equal(await prnnDifference(folder.at('right.prnn'), image, {}), null);
  assert.equal(await prnnDifference(folder.at('other.prnn'), image, {}), 'it holds other samples');
  folder.put('right.png', await writeImage(raster, [], 'png'));
  folder.put('other.png', await writeImage(changed, [], 'png'));
  assert.equal(await fileDifference(folder.at('right.png'), image), null);
  assert.equal(await fileDifference(folder.at('other.png'), image), 'it holds other samples');
});
