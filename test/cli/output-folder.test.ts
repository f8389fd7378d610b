import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { flat } from '../../fixtures/draw.js';
import { Folder } from './pixrnn.js';
import { IS_WINDOWS } from '../platform.js';

/** Rejects new files, even from root. */
const CLOSED = '/sys';
const GARBAGE = Buffer.from('neither an image nor a result');

test('reports an output directory that accepts no files before decoding the input', async (context) => {
  if (IS_WINDOWS || !existsSync(CLOSED)) {
    context.skip(`there is no ${CLOSED}`);
    return;
  }
  const folder = new Folder(context);
  mkdirSync(folder.at('images'));
  for (const name of ['a.png', 'a.prnn', 'images/b.png']) folder.put(name, GARBAGE);
  for (const args of [
    ['compress', 'a.png', '-o', `${CLOSED}/a.prnn`],
    ['compress', 'a.png', '--out-dir', `${CLOSED}/deep/er`],
    ['compress', '-r', 'images', '--out-dir', CLOSED, '--skip-existing'],
    ['decompress', 'a.prnn', '-o', `${CLOSED}/a.png`],
    ['decompress', 'a.prnn', '-o', `${CLOSED}/a.png`, '--preview'],
    ['report', 'a.png', '--html', `${CLOSED}/a.html`],
    ['report', 'a.png', '--csv', `${CLOSED}/a.csv`],
    ['report', 'a.png', '--heatmap', `${CLOSED}/a-map.png`],
    ['sample', '--model', 'pixelcnn-gray', '-o', `${CLOSED}/a.png`],
    ['complete', 'a.png', '--keep', 'top', '--model', 'pixelcnn-gray', '-o', `${CLOSED}/completed.png`],
    ['train', 'images', '--out', `${CLOSED}/run`],
    ['train-mixer', 'images', '--model', 'pixelcnn-gray', '-o', `${CLOSED}/model`],
    ['dataset', 'downsample', 'images', '--size', '8', '--out', `${CLOSED}/small`],
  ]) {
    const { code, stderr } = await folder.run(args);
    assert.equal(code, 6, `${args.join(' ')}: ${stderr}`);
    assert.match(stderr, /^pixrnn: (a\.p\w+: )?cannot create files in \/sys: .*\. Choose another directory/);
  }
  assert.deepEqual(folder.list(), ['a.png', 'a.prnn', 'images']);
});

test('reports an output directory below a file at once; a dry run does too and writes nothing', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', flat({ width: 8, height: 8 }));
  for (const more of [[], ['--dry-run']]) {
    const { code, stderr } = await folder.run(['compress', 'a.png', '--out-dir', 'a.png/results', ...more]);
    assert.equal(code, 6, stderr);
    assert.match(stderr, /^pixrnn: .*a\.png is not a directory\. Choose another directory for the output\.\n$/);
  }
  assert.deepEqual(folder.list(), ['a.png']);
});
