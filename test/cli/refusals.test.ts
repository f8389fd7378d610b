import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import sharp from 'sharp';
import { SIGNAL_EXIT } from '#pixrnn/cli/exit-codes.js';
import { decodeContainer, encodeContainer } from '#pixrnn/codec/container.js';
import { blobs } from '../../fixtures/draw.js';
import { chunk, encodePng } from '../../fixtures/png.js';
import { Folder } from './pixrnn.js';
import { shown } from '../platform.js';

const image = blobs({ width: 24, height: 16 });

/** Returns the exit code and the only line of a run that must fail and write no file. */
async function failure(folder: Folder, args: string[]): Promise<[number | null, string]> {
  const before = folder.list();
  const { code, stdout, stderr } = await folder.run(args);
  assert.equal(stdout.length, 0);
  assert.match(stderr, /^pixrnn: [^\n]+\.\n$/);
  assert.deepEqual(folder.list(), before);
  return [code, stderr];
}

test('rejects wrong usage with exit code 2', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', image);
  for (const [args, message] of [
    [['compres', 'a.png'], /unknown command compres\. Did you mean compress\?/],
    [['nonsense'], /unknown command nonsense\. Run "pixrnn --help"/],
    [['compress'], /missing argument: <images\.\.>\. Example: "pixrnn compress photo\.jpg"/],
    [['compress', 'a.png', '--fast'], /unknown option --fast\./],
    [['compress', 'a.png', '--no-quiet'], /unknown option --no-quiet\./],
    [
      ['compress', 'a.png', '--noVerify', '-z', '--x=3'],
      /unknown options: --noVerify, -z, --x\. Did you mean --no-verify\?/,
    ],
    [['models', '-'], /unknown argument: -\./],
    [['compress', 'a.png', '--threads', 'many'], /--threads must be an integer/],
    [['compress', 'a.png', '--threads', '0'], /--threads must be an integer from 1 to 1024\.$/m],
    [['compress', 'a.png', '--threads', '1', '--threads', '2'], /--threads must be an integer/],
    [['compress', 'a.png', '--effort', '5'], /--effort must be 1, 2, 3 or 4\.$/m],
    [['compress', 'a.png', '--effort', '0'], /--effort must be/],
    [['report', 'a.png', '--effort', 'best'], /--effort must be/],
    [
      ['decompress', 'a.prnn', '--effort', '1'],
      /--effort: it is an option of compress and report, not of decompress\./,
    ],
    [['compress', 'a.png', '--max-pixels', '1.5'], /--max-pixels must be an integer >= 1\.$/m],
    [['info', 'a.prnn', '--max-pixels', '0'], /--max-pixels must be/],
    [['decompress', 'a.prnn', '-o', 'x.JPG'], /x\.JPG: unknown output format\. Use \.png, /m],
    [['compress', 'a.png', '--page', '0'], /--page must be an integer >= 1\.$/m],
    [['compress', 'a.png', '--threads'], /threads/],
    [['compress', 'a.png', '-o', 'x', '-o', 'y'], /--output needs exactly one value/],
    [['compress', 'a.png', '--output='], /--output needs exactly one value/],
    [['compress', 'a.png', 'b.png', '-o', 'x'], /several inputs/],
    [['compress', '-', '--json'], /--json/],
    [['models', 'a.png'], /unknown argument: a.png/],
  ] as const) {
    const [code, line] = await failure(folder, [...args]);
    assert.equal(code, 2, line);
    assert.match(line, message);
  }
});

test('prints the help for a line without a command', async (context) => {
  const folder = new Folder(context);
  for (const [args, page, complaint] of [
    [[], '--help', 'no command given.'],
    [['dataset'], 'dataset --help', '"pixrnn dataset" needs a command.'],
  ] as const) {
    const { code, stdout, stderr } = await folder.run([...args]);
    assert.equal(code, 2);
    assert.equal(stdout.length, 0);
    const help = (await folder.run(page.split(' '))).stdout.toString();
    assert.equal(stderr, `${help}\npixrnn: ${complaint}\n`);
  }
});

test('help and version exit with code 0', async (context) => {
  const folder = new Folder(context);
  const help = await folder.run(['--help']);
  assert.deepEqual([help.code, help.stderr], [0, '']);
  for (const command of [
    'compress',
    'decompress',
    'verify',
    'info',
    'report',
    'models',
    'sample',
    'complete',
    'train',
    'train-mixer',
  ]) {
    assert.match(help.stdout.toString(), new RegExp(`pixrnn ${command}`));
    const { code, stdout } = await folder.run([command, '--help']);
    assert.equal(code, 0);
    assert.match(stdout.toString(), /-q, --quiet .*\nExamples:\n/s);
    assert.doesNotMatch(stdout.toString(), /\[default: \[\]\]/);
  }
  assert.match(help.stdout.toString(), /\nExit codes:\n {2}0 /);
  for (const code of Object.values(SIGNAL_EXIT))
    assert.match(help.stdout.toString(), new RegExp(`^  ${code} .*SIG`, 'm'));
  assert.match((await folder.run(['--version'])).stdout.toString(), /^\d+\.\d+\.\d+\n$/);
});

test('rejects unreadable input with exit code 3', async (context) => {
  const folder = new Folder(context);
  mkdirSync(folder.at('folder.png'));
  for (const command of ['compress', 'report', 'decompress', 'info']) {
    assert.deepEqual(await failure(folder, [command, 'none\x1b[2J.png']), [
      3,
      `pixrnn: ${shown('none\x1b[2J.png')}: no such file. Check the name.\n`,
    ]);
    const [code, line] = await failure(folder, [command, 'folder.png']);
    assert.equal(code, 3);
    assert.match(line, /^pixrnn: folder\.png: it is a directory\. .*ame the files in it\.$/m);
    assert.ok(line.includes('--recursive'));
  }
});

test('rejects unsupported kinds of images with exit code 3', async (context) => {
  const folder = new Folder(context);
  const raw = { raw: image };
  const rows = new Uint8Array(image.samples);
  const animation = [chunk('acTL', '\0\0\0\x02\0\0\0\0')];
  folder.put('moves.png', encodePng({ ...image, bitDepth: 8, colourType: 2, rows, before: animation }));
  folder.put('cmyk.tif', await sharp(image.samples, raw).toColourspace('cmyk').tiff().toBuffer());
  folder.put('text.png', Buffer.from('no image at all'));
  for (const [name, message] of [
    ['moves.png', /--first-frame/],
    ['cmyk.tif', /CMYK/],
    ['text.png', /not an image/],
  ] as const) {
    const [code, line] = await failure(folder, ['compress', name]);
    assert.equal(code, 3, line);
    assert.match(line, message);
  }
});

test('rejects images over the limit with exit code 3', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', image);
  await folder.run(['compress', 'a.png', '--max-pixels', '384']);
  for (const args of [
    ['compress', '--force', 'a.png'],
    ['report', 'a.png'],
    ['decompress', '--force', 'a.prnn'],
    ['info', 'a.prnn'],
  ]) {
    const [code, line] = await failure(folder, [...args, '--max-pixels', '383']);
    assert.equal(code, 3, line);
    assert.match(line, /24 x 16 pixels, more than the limit of 383\..* --max-pixels\.$/m);
  }
});

test('rejects a corrupt .prnn file with exit code 4', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', image);
  await folder.run(['compress', 'a.png', '-o', 'good.prnn']);
  const good = readFileSync(folder.at('good.prnn'));
  const flipped = (index: number): Buffer => {
    const copy = Buffer.from(good);
    copy[index]! ^= 1;
    return copy;
  };
  const damaged = {
    header: flipped(4),
    version: flipped(2),
    middle: flipped(good.length >> 1),
    digest: flipped(good.length - 1),
    short: good.subarray(0, -1),
    half: good.subarray(0, good.length >> 1),
    empty: good.subarray(0, 0),
    long: Buffer.concat([good, Buffer.from('x')]),
  };
  for (const [name, bytes] of Object.entries(damaged)) {
    folder.put(`${name}.prnn`, bytes);
    const [code, line] = await failure(folder, ['decompress', `${name}.prnn`]);
    assert.equal(code, 4, line);
  }
  const [code, line] = await failure(folder, ['decompress', 'a.png']);
  assert.equal(code, 3, line);
  assert.match(line, /not a \.prnn file/);
});

test('rejects a file whose model is missing with exit code 5', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', image);
  await folder.run(['compress', 'a.png']);
  const container = decodeContainer(readFileSync(folder.at('a.prnn')));
  const header = { ...container.header, rgbModel: Uint8Array.of(0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 0) };
  const colours = { representation: 'model', payload: Uint8Array.of(1) } as const;
  const tile = { alpha: null, colours, isGray: false, hiddenColour: null, samplesCrc: null };
  folder.put('other.prnn', encodeContainer({ ...container, header, image: [tile] }));
  const [code, line] = await failure(folder, ['decompress', 'other.prnn']);
  assert.equal(code, 5, line);
  assert.match(line, /deadbeef00000000/);
  const info = await folder.run(['info', 'other.prnn']);
  assert.equal(info.code, 0);
  assert.match(info.stdout.toString(), /deadbeef00000000/);

  const unknown = await failure(folder, ['compress', 'a.png', '-o', 'b', '--model', 'nope']);
  assert.equal(unknown[0], 5);
  assert.match(unknown[1], /^pixrnn: model nope not found: /);
  mkdirSync(folder.at('dir'));
  assert.equal((await failure(folder, ['decompress', 'a.prnn', '--model', 'dir']))[0], 5);
  folder.put('junk.safetensors', Buffer.from('junk'));
  assert.equal((await failure(folder, ['compress', 'a.png', '-o', 'b', '--model', 'junk.safetensors']))[0], 5);
});
