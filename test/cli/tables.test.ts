import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { FORMAT_VERSION } from '#pixrnn/codec/container.js';
import { blobs } from '../../fixtures/draw.js';
import { Folder, jsonLines } from './pixrnn.js';

const colour = blobs({ width: 32, height: 24 });
const gray = blobs({ width: 20, height: 20, channels: 1 });

test('info lists the contents of files', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', colour);
  folder.put('g.png', gray);
  await folder.run(['compress', 'a.png', 'g.png']);
  const text = await folder.run(['info', 'a.prnn', 'g.prnn']);
  assert.deepEqual([text.code, text.stderr], [0, '']);
  assert.match(text.stdout.toString(), /^a\.prnn\n {2}image +32 x 24 RGB, 8 bits per sample\n {2}model +photo-rgb\n/);
  assert.match(
    text.stdout.toString(),
    /\ng\.prnn\n {2}image +20 x 20 gray, 8 bits per sample\n {2}model +photo-gray\n/,
  );

  const [info] = jsonLines((await folder.run(['info', 'a.prnn', '--json'])).stdout);
  const bytes = statSync(folder.at('a.prnn')).size;
  assert.equal(info?.['bytes'], bytes);
  const parts = ['codedBytes', 'metadataBytes', 'recipeBytes', 'overheadBytes'].map((key) => info[key] as number);
  assert.equal(
    parts.reduce((sum, count) => sum + count),
    bytes,
  );
  assert.ok(parts[3]! <= 40, 'overhead of one tile');
});

test('report compares files with the likelihood', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', colour);
  folder.put('g.png', gray);
  const text = await folder.run(['report', 'a.png', 'g.png']);
  assert.deepEqual([text.code, text.stderr], [0, '']);
  const lines = text.stdout.toString().split('\n\n')[0]!.split('\n');
  assert.equal(lines.length, 4);
  assert.match(lines[1]!, /^32 x 24 .* a\.png$/);
  assert.match(lines[3]!, / total of 2$/);
  assert.deepEqual(folder.list(), ['a.png', 'g.png'], 'no file is written');

  const [first, second, total] = jsonLines((await folder.run(['report', 'a.png', 'g.png', '--json'])).stdout);
  assert.equal(first?.['file'], 'a.png');
  const rates = first['rates'] as { mixed: number; perChannel: number[]; source: number };
  const mean = rates.perChannel.reduce((sum, rate) => sum + rate, 0) / 3;
  assert.ok(Math.abs(mean - rates.mixed) < 1e-9);
  assert.equal(rates.source, (8 * statSync(folder.at('a.png')).size) / (32 * 24 * 3));
  const sums = total?.['total'] as { prnnBytes: number; files: number };
  assert.equal(sums.prnnBytes, (first['prnnBytes'] as number) + (second?.['prnnBytes'] as number));
  assert.equal(sums.files, 2);
});

test('report --check-coder codes again with another coder, symbols and decisions', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', blobs({ width: 12, height: 8 }));
  const text = await folder.run(['report', 'a.png', '--check-coder']);
  assert.equal(text.code, 0, text.stderr);
  assert.match(text.stdout.toString(), /^a\.png: 2,304 symbols, [\d,]+ bytes, identical/);
  // A PixelCNN alone codes a value as one symbol; `photo`, the default, and the mixer code eight decisions.
  for (const [options, symbols] of [
    [['--effort', '1', '--model', 'pixelcnn-rgb'], 288],
    [['--effort', '1'], 2304],
    [['--effort', '2'], 2304],
  ] as const) {
    const { stdout } = await folder.run(['report', 'a.png', '--check-coder', ...options, '--json']);
    const { coder } = jsonLines(stdout)[0] as { coder: { identical: boolean; symbols: number } };
    assert.deepEqual([coder.identical, coder.symbols], [true, symbols], options.join(' '));
  }
});

test('report prints the likelihood of the model and after the mixer', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', colour);
  const rates = async (effort: string, model: string) => {
    const args = ['report', 'a.png', '--effort', effort, '--model', model, '--json'];
    const [result] = jsonLines((await folder.run(args)).stdout);
    assert.equal(result?.['effort'], Number(effort));
    return result['rates'] as { model: number; mixed: number };
  };
  for (const model of ['photo-rgb', 'pixelcnn-rgb']) {
    const alone = await rates('1', model);
    const mixed = await rates('2', model);
    assert.equal(alone.model, alone.mixed);
    assert.notEqual(mixed.model, mixed.mixed);
    // From effort 2 on, a photo model learns the image.
    if (model === 'photo-rgb') assert.ok(mixed.model < alone.model, `${mixed.model} ${alone.model}`);
    else assert.ok(Math.abs(alone.model - mixed.model) < 1e-5);
    assert.deepEqual(await rates('3', model), mixed, 'efforts 2 and 3 differ in the default model');
  }
});

test('stores and prints the effort', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', colour);
  for (const effort of [1, 2, 3]) {
    const args = effort === 3 ? [] : ['--effort', String(effort)];
    const [done] = jsonLines((await folder.run(['compress', '--force', 'a.png', '--json', ...args])).stdout);
    assert.equal(done?.['effort'], effort);
    const [info] = jsonLines((await folder.run(['info', 'a.prnn', '--json'])).stdout);
    assert.deepEqual([info?.['effort'], info?.['version']], [effort, FORMAT_VERSION]);
    assert.match((await folder.run(['info', 'a.prnn'])).stdout.toString(), new RegExp(`\n {2}effort +${effort}\n`));
    assert.equal((await folder.run(['decompress', 'a.prnn', '-o', `${effort}.png`])).code, 0);
    assert.deepEqual(readFileSync(folder.at(`${effort}.png`)), readFileSync(folder.at('1.png')));
  }
});

test('models lists the shipped models', async (context) => {
  const folder = new Folder(context);
  const { code, stdout } = await folder.run(['models', '--json']);
  assert.equal(code, 0);
  for (const model of jsonLines(stdout)) assert.match(model['id'] as string, /^[0-9a-f]{16}$/);
  assert.equal((await folder.run(['models'])).code, 0);
});
