import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { surveyFile } from '#pixrnn/codec/damage.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { blobs } from '../../fixtures/draw.js';
import { Folder, jsonEvents } from './pixrnn.js';

test('decompress --salvage and verify report what is damaged', async (context) => {
  const folder = new Folder(context);
  const image = blobs({ width: 2000, height: 8 });
  folder.put('a.png', image);
  assert.equal((await folder.run(['compress', '-e', '1', '-q', '--no-verify', 'a.png'])).code, 0);
  const bytes = readFileSync(folder.at('a.prnn'));
  const { start, end } = surveyFile(bytes).parts[1]!;
  bytes[start + 20]! ^= 1;
  folder.put('a.prnn', bytes);
  const where = `tile 2 of 2 \\(1000 x 8 at 1000, 0\\), bytes ${start} to ${end - 1}`;

  const verify = await folder.run(['verify', 'a.prnn']);
  assert.equal(verify.code, 4);
  const advice = 'Get the file again, or decompress it with --salvage\\.';
  assert.match(
    verify.stderr,
    new RegExp(`^pixrnn: a\\.prnn: the \\.prnn file is damaged: ${where}\\. 1 of 2 tiles is sound\\. ${advice}\n$`),
  );

  const run = await folder.run(['decompress', '--salvage', '--json', 'a.prnn']);
  assert.equal(run.code, 4);
  assert.match(
    run.stderr,
    new RegExp(`^a\\.prnn: lost: ${where}\npixrnn: a\\.prnn: 1 of 2 tiles lost; the rest is in a\\.salvaged\\.png\\.`),
  );
  const event = jsonEvents(run.stdout).find(({ event }) => event === 'salvaged');
  assert.deepEqual(event?.['lost'], [
    { name: 'tile 2 of 2', tile: { x: 1000, y: 0, width: 1000, height: 8 }, bytes: surveyFile(bytes).parts[1] },
  ]);
  const { raster } = await readImage(readFileSync(folder.at('a.salvaged.png')));
  for (let y = 0; y < 8; y++) {
    const row = 2000 * 3 * y;
    assert.deepEqual(raster.samples.slice(row, row + 3000), image.samples.slice(row, row + 3000));
    assert.ok(raster.samples.slice(row + 3000, row + 6000).every((value) => value === 85 || value === 170));
  }

  for (const option of ['--preview', '--skip-existing', '--delete-source']) {
    const wrong = await folder.run(['decompress', '--salvage', option, 'a.prnn']);
    assert.deepEqual([wrong.code, /--salvage writes a part of an image/.test(wrong.stderr)], [2, true], wrong.stderr);
  }
});
