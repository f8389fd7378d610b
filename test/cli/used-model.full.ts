import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeModel } from '#pixrnn/model/model.js';
import { blobs, draw, generator, noise } from '../../fixtures/draw.js';
import { tinyModel, tinyMultiScale } from '../../fixtures/tiny-model.js';
import { Folder, jsonLines } from './pixrnn.js';

test('reports a --model that had no influence, and no other', async (context) => {
  const folder = new Folder(context);
  folder.put('blobs.png', blobs({ width: 32, height: 24 }));
  folder.put('noise.png', noise({ width: 32, height: 24 }));
  folder.put('tiny.safetensors', encodeModel(tinyModel(3)));
  folder.put('scales.safetensors', encodeModel(tinyMultiScale(3, [2, 2])));
  const run = async (...args: string[]): Promise<{ stderr: string; json: Record<string, unknown> }> => {
    const shown = await folder.run(args);
    assert.equal(shown.code, 0, shown.stderr);
    const { stdout } = await folder.run([...args, '--json']);
    return { stderr: shown.stderr, json: jsonLines(stdout)[0]! };
  };
  const PIXELCNN = ['--model', 'pixelcnn-rgb'];
  const used = await run('compress', 'blobs.png', '-fe1', ...PIXELCNN);
  assert.doesNotMatch(used.stderr, /--model/);
  assert.equal((used.json['model'] as { used: boolean }).used, true);
  const unused = await run('compress', 'noise.png', '-fe1', ...PIXELCNN);
  assert.match(unused.stderr, /; --model pixelcnn-rgb is not used: it makes no part of the image smaller\n$/);
  assert.equal((unused.json['model'] as { used: boolean }).used, false);
  assert.doesNotMatch((await run('compress', 'noise.png', '-fe1')).stderr, /--model/);

  for (const [command, ...options] of [
    ['decompress', '-f'],
    ['verify', '--full'],
    ['info', '--bits'],
  ] as const) {
    const right = await run(command, 'blobs.prnn', ...options, ...PIXELCNN);
    assert.doesNotMatch(right.stderr, /--model/);
    assert.equal(right.json['modelUsed'], true, command);
    for (const model of ['photo-rgb', 'tiny.safetensors']) {
      const other = await run(command, 'blobs.prnn', ...options, '--model', model);
      assert.match(other.stderr, new RegExp(`--model ${model} is not used: the file names pixelcnn-rgb`), command);
      assert.equal(other.json['modelUsed'], false, command);
    }
    assert.equal('modelUsed' in (await run(command, 'blobs.prnn', ...options)).json, false, command);
  }
  const none = await run('decompress', 'noise.prnn', '-f', ...PIXELCNN);
  assert.match(none.stderr, /--model pixelcnn-rgb is not used: the file needs no model\n/);
  assert.match((await run('verify', 'blobs.prnn', ...PIXELCNN)).stderr, /is not used: nothing is decoded\n/);
  assert.match(
    (await run('info', 'blobs.prnn', ...PIXELCNN)).stderr,
    /is not used: nothing is decoded without --bits\./,
  );

  // Smooth with a little noise, which the other coders do not compress.
  const random = generator(1);
  folder.put(
    'smooth.png',
    draw({ width: 64, height: 45 }, (x, y, c) => 40 + 2 * x + y + 10 * c + 5 * random()),
  );
  assert.equal((await folder.run(['compress', 'smooth.png', '-qe2', '--model', 'scales.safetensors'])).code, 0);
  const own = await run('decompress', 'smooth.prnn', '-f', '--model', 'scales.safetensors');
  assert.equal(own.json['modelUsed'], true);
});
