import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readImage } from '#pixrnn/image/read-image.js';
import { blobs } from '../../fixtures/draw.js';
import { arithmeticFile, cameraFile } from '../codec/jpeg-files.js';
import { Folder } from './pixrnn.js';

const CAMERA = await cameraFile();
const FAST = ['--effort', '1', '--threads', '1'];

test('report writes CSV, a page and a heat map of JPEG files', async (context) => {
  const folder = new Folder(context);
  mkdirSync(folder.at('in'));
  folder.put('in/a.jpg', CAMERA);
  folder.put('in/b.jpg', arithmeticFile(CAMERA));
  folder.put('in/c.png', blobs({ width: 20, height: 16 }));
  const report = (...args: string[]) => folder.run(['report', ...FAST, ...args]);
  const run = await report('-r', 'in', '--csv', 'r.csv', '--html', 'r.html');
  assert.equal(run.code, 0, run.stderr);
  const csv = readFileSync(folder.at('r.csv'), 'utf8').trim().split('\r\n');
  assert.match(csv[1] ?? '', /^in\/a\.jpg,JPEG,40,24,,,,\d+,\d+,.*,4:2:0,/);
  assert.match(csv[3] ?? '', /^in\/c\.png,PNG,20,16,3,8,no,/);
  const page = readFileSync(folder.at('r.html'), 'utf8');
  assert.equal(page.match(/<article /g)?.length, 2);

  const map = await report('in/a.jpg', '--heatmap', 'map.png', '--heatmap-max', '400');
  assert.deepEqual([map.code, map.stdout.length], [0, 0], map.stderr);
  const said = /^in\/a\.jpg -> map\.png {2}bits per 8 x 8 pixels from 0 \(black\) to 400 .* ([\d.]+) on average\n$/;
  const mean = Number(said.exec(map.stderr)?.[1]);
  const { raster } = await readImage(readFileSync(folder.at('map.png')));
  const levels = [...raster.samples.subarray(0, 40 * 24)];
  const drawn = (levels.reduce((sum, level) => sum + level, 0) * 400) / 255 / levels.length;
  // The last row of blocks is cut in half, and its other bits are not on the map.
  assert.ok(drawn > 0.6 * mean && drawn <= mean, `${drawn} of ${mean}`);
  const stored = await report('in/b.jpg', '--heatmap', 'no.png');
  assert.deepEqual([stored.code, /stored as it is has no heat map: .*arithmetic/.test(stored.stderr)], [3, true]);
});
