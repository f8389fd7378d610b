import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { imageOf, loadDataset } from '#pixrnn/datasets/dataset.js';
import { type Compressed, compressRaster, measureRaster, type Raster } from '#pixrnn/index.js';
import { agreementOf, tolerance } from '#pixrnn/report/dataset-report.js';
import { findPeers } from '#pixrnn/report/peers.js';
import { blobs } from '../../fixtures/draw.js';
import { Folder, jsonLines } from '../cli/pixrnn.js';
import { SHARED_DATA, skipMnist } from './shared-data.js';

const MNIST = ['report', '--dataset', 'mnist', '--data', resolve(SHARED_DATA)];

interface Report {
  dataset: string;
  title: string;
  model: { name: string };
  likelihoods: { effort: number; images: number; bits: number; natsPerImage: number; standardError: number }[];
  coded: {
    images: number;
    fileBytes: number;
    codedBytes: number;
    containerBytes: number;
    likelihoodBits: number;
    agreement: { images: number; within: number };
    withoutModel: number;
    peers: { name: string; setting: string; bytes: number | null }[];
    missingPeers: { name: string; command: string }[];
    samples: { natsPerImage: number };
  } | null;
  paper: { figures: { model: string; value: number }[] };
}

test('the likelihood and files of a data set are those of its images', { skip: skipMnist }, async (context) => {
  const folder = new Folder(context);
  const run = await folder.run([...MNIST, '--images', '5', '--coded', '3', '--effort', '2', '--json']);
  assert.equal(run.code, 0, run.stderr);
  const [report] = jsonLines(run.stdout) as unknown as [Report];
  const { likelihoods, coded } = report;
  assert.equal(report.dataset, 'mnist');
  assert.match(report.title, /fixed set/);
  assert.equal(report.model.name, 'photo-gray-small');
  assert.equal(report.paper.figures.find(({ model }) => model === 'PixelCNN')?.value, 81.3);

  const set = await loadDataset('mnist', 'test', { folder: SHARED_DATA });
  // Evenly spread over the set, which is sorted by digit.
  const some = (count: number) =>
    Array.from({ length: count }, (_, i): Raster => {
      const samples = imageOf(set, Math.floor((10_000 * i) / count));
      return { width: 28, height: 28, channels: 1, depth: 1, indexed: false, samples };
    });
  for (const [i, effort] of ([1, 2] as const).entries()) {
    const found = likelihoods[i]!;
    let sum = 0;
    for (const raster of some(5)) sum += (await measureRaster(raster, { effort }))[0]!;
    assert.deepEqual([found.effort, found.images], [effort, 5]);
    assert.ok(Math.abs(found.bits - sum) < 1e-6 * sum);
    assert.ok(Math.abs(found.natsPerImage - (sum * Math.LN2) / 5) < 1e-6);
    assert.ok(found.standardError > 0 && found.standardError < sum / 5);
  }
  assert.equal(likelihoods.length, 2);

  assert.ok(coded);
  const files: Compressed[] = [];
  for (const raster of some(3)) files.push(await compressRaster(raster, { effort: 2 }));
  const add = (value: (file: Compressed) => number) => files.reduce((sum, file) => sum + value(file), 0);
  assert.equal(
    coded.fileBytes,
    add(({ bytes }) => bytes.length),
  );
  assert.equal(
    coded.codedBytes,
    add(({ codedBytes }) => codedBytes),
  );
  assert.equal(
    coded.containerBytes,
    add(({ overheadBytes }) => overheadBytes),
  );
  assert.equal(
    coded.withoutModel,
    add(({ representations }) => (representations.model > 0 ? 0 : 1)),
  );
  assert.ok(Math.abs(coded.samples.natsPerImage - (8 * coded.codedBytes * Math.LN2) / 3) < 1e-6);
  assert.equal(coded.agreement.within, coded.agreement.images);
  // Packed bits: far less than a byte per pixel.
  for (const { name, bytes } of coded.peers) assert.ok(bytes && bytes < 3 * 200 && bytes > 3 * 20, name);
  const { peers, missing } = await findPeers();
  assert.deepEqual(
    coded.peers.map(({ name, setting }) => [name, setting]),
    peers.map(({ name, setting }) => [name, setting]),
    'the codecs of report --compare',
  );
  assert.deepEqual(
    coded.missingPeers.map(({ name }) => name),
    missing.map(({ name }) => name),
  );
});

test('prints the table of a data set', { skip: skipMnist }, async (context) => {
  const folder = new Folder(context);
  const run = await folder.run([...MNIST, '--images', '2', '--coded', '2']);
  assert.equal(run.code, 0, run.stderr);
  const text = run.stdout.toString();
  assert.match(
    text,
    /^binarised MNIST \(fixed set .*\), test split: 10,000 images, 28 x 28 gray, 1 bit per sample; model photo-gray-small/,
  );
  assert.match(text, /\n +nats\nthis model, 2 images +\d+\.\d\d +\+-\d+\.\d\d\n(paper, table 4: .*\n){13}\n/);
  assert.match(text, /\n\.prnn files, effort 1 +\d+ +\d+\.\d\d +\d\.\d{4} +\d+\.\d\d\nPNG \(level 9\) +\d+/);
  assert.match(text, /WebP \(cwebp -lossless -z 9\) +\d+|WebP was not measured: cwebp is not installed/);
  assert.match(text, /JPEG XL \(cjxl -d 0 -e 9\) +\d+|JPEG XL was not measured: cjxl is not installed/);

  const path = process.env.PATH;
  process.env.PATH = folder.path;
  context.after(() => {
    process.env.PATH = path;
  });
  const bare = await folder.run([...MNIST, '--images', '1', '--coded', '1']);
  assert.equal(bare.code, 0, bare.stderr);
  assert.match(
    bare.stdout.toString(),
    /\nWebP was not measured: cwebp is not installed \(Debian: apt-get install webp\)\.\nJPEG XL was not measured: cjxl /,
  );

  const none = await folder.run([...MNIST, '--images', '1', '--coded', '0']);
  assert.equal(none.code, 0, none.stderr);
  assert.doesNotMatch(none.stdout.toString(), /Coded/);
});

test('rejects a model that does not code 1-bit samples', { skip: skipMnist }, async (context) => {
  const folder = new Folder(context);
  const { code, stderr } = await folder.run([...MNIST, '--model', 'pixelcnn-gray']);
  assert.equal(code, 2);
  assert.match(stderr, /the model pixelcnn-gray does not support 1-bit samples\. Use another model\.\n$/);
});

test('report accepts either files or a data set, with the respective options', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', blobs({ width: 9, height: 9 }));
  for (const [args, code, why] of [
    [[], 2, /nothing to report on\. Name image files, or a data set with --dataset\.\n$/],
    [['a.png', '--dataset', 'mnist'], 2, /image files and --dataset cannot be combined\. Remove one of them\.\n$/],
    [
      ['--dataset', 'mnist', '--data', 'none'],
      3,
      /MNIST is not installed in .*none\. Install it with `pixrnn dataset install mnist --data none`/,
    ],
    [['--dataset', 'imagenet'], 2, /--dataset must be cifar10 or mnist\.$/m],
    [['--dataset', 'mnist', '--dataset', 'cifar10'], 2, /--dataset needs exactly one value/],
    [['--dataset', 'mnist', '--images', '0'], 2, /--images must be an integer from 1 to 10,000\.\n$/],
    [['--dataset', 'mnist', '--images', '10001'], 2, /--images must be an integer/],
    [['--dataset', 'mnist', '--coded', '-1'], 2, /--coded must be an integer from 0 to 10,000\.\n$/],
    [['--dataset', 'mnist', '--effort', '5'], 2, /--effort must be 1, 2, 3 or 4/],
    [['--dataset', 'mnist', '--check-coder'], 2, /--check-coder only works with image files\. Remove it\.\n$/],
    [['--dataset', 'mnist', '--page', '2'], 2, /--page only works with image files/],
    [['a.png', '--images', '2'], 2, /--images only works with a data set\. Remove it\.\n$/],
    [['a.png', '--data', 'x'], 2, /--data only works with a data set/],
  ] as const) {
    const run = await folder.run(['report', ...args]);
    assert.equal(run.code, code, run.stderr);
    assert.match(run.stderr, why);
    assert.equal(run.stdout.length, 0);
  }
});

test('reports on files at effort 3 by default', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', blobs({ width: 9, height: 9 }));
  const [figures] = jsonLines((await folder.run(['report', 'a.png', '--json'])).stdout);
  assert.equal(figures?.effort, 3);
});

test('computes how far coded samples are from the likelihood', () => {
  assert.equal(tolerance(1_000_000, 10_000), 200 + 1 + 320);
  const files = [
    { codedBytes: 1000, likelihoodBits: 8000 },
    { codedBytes: 1041, likelihoodBits: 8000 }, // 328 bits apart; 1.6 + 320 + 1 are allowed
    { codedBytes: 1040, likelihoodBits: 8000 },
    { codedBytes: 960, likelihoodBits: 8000 },
  ];
  assert.deepEqual(agreementOf(files, 10_000), { images: 4, mean: 121 / 4, largest: 41, within: 3 });
  assert.deepEqual(agreementOf([], 10_000), { images: 0, mean: 0, largest: 0, within: 0 });
});
