/*
 * The package as installed: with its dependencies, without its optional peers.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { blobs } from '../../fixtures/draw.js';
import { Folder } from '../cli/pixrnn.js';

const ROOT = join(import.meta.dirname, '../../..');

/** Creates a folder whose node_modules contains pixrnn and its dependencies, and three images. */
function installed(context: TestContext): Folder {
  const folder = new Folder(context);
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    const path = folder.at(`node_modules/${name}`);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), path);
  }
  mkdirSync(folder.at('node_modules/pixrnn'));
  // Imported files must be copied here for Node.js to search this node_modules.
  for (const name of ['package.json', 'bin', 'dist']) {
    cpSync(join(ROOT, name), folder.at(`node_modules/pixrnn/${name}`), { recursive: true });
  }
  symlinkSync(join(ROOT, 'models'), folder.at('node_modules/pixrnn/models'));
  mkdirSync(folder.at('photos'));
  for (const seed of [1, 2, 3]) folder.put(`photos/${seed}.png`, blobs({ width: 32, height: 32 }, seed));
  return folder;
}

/** The library and all command lines in one process, which prints their exit codes. */
const PROGRAM = `
import 'pixrnn';
import { main } from './node_modules/pixrnn/dist/cli/main.js';

const codes = [];
for (const argv of JSON.parse(process.argv[2])) codes.push(await main(argv));
process.stdout.write('\\n' + JSON.stringify(codes));
`;

const LINES = [
  ['compress photos/1.png -o 1.prnn --effort 1', 0],
  ['decompress 1.prnn -o 1.png', 0],
  ['verify --full 1.prnn', 0],
  ['info 1.prnn', 0],
  ['report --effort 1 --compare --html report.html photos/1.png', 0],
  ['sample --size 8x8 --count 1 -o drawn.png --model pixelcnn-gray', 0],
  ['complete photos/1.png --keep top --count 1 -o whole.png --model pixelcnn-rgb', 0],
  ['train-mixer photos --model pixelcnn-rgb -o mixer.safetensors', 0],
  ['dataset list', 0],
  ['models', 0],
  ['completion bash', 0],
  ['help train', 0],
  ['train photos --out run', 3],
  ['report --effort 1 --check-coder photos/1.png', 2],
  ['queue status --queue redis://localhost', 2],
  ['queue status --queue postgres://localhost/queue', 2],
  ['verify -r s3://bucket --queue redis://localhost', 2],
] as const;

const TRAIN =
  'pixrnn: training needs TensorFlow.js, which is not installed. ' +
  'Run `npm install @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0`, ' +
  'with --global if pixrnn is installed globally.\n';
const CHECK_CODER =
  'pixrnn: --check-coder needs the package arithmetic-coding, which is not installed. ' +
  'Run `npm install arithmetic-coding@1.2.3`, with --global if pixrnn is installed globally.\n';

const REDIS =
  'pixrnn: a queue in Redis or Valkey needs the packages bullmq and ioredis. ' +
  'Run `npm install bullmq@6.7.0 ioredis@6.0.0`, with --global if pixrnn is installed globally.\n';
const POSTGRES =
  'pixrnn: a queue in PostgreSQL needs the packages bullmq and pg. ' +
  'Run `npm install bullmq@6.7.0 pg@8.23.1`, with --global if pixrnn is installed globally.\n';

test('only train, --check-coder and queues need optional packages, and print what to install', (context) => {
  const folder = installed(context);
  writeFileSync(folder.at('program.mjs'), PROGRAM);
  const lines = JSON.stringify(LINES.map(([line]) => line.split(' ')));
  const options = { cwd: folder.path, encoding: 'utf8', timeout: 60_000 } as const;
  const { stdout, stderr } = spawnSync(process.execPath, ['program.mjs', lines], options);
  const codes = JSON.parse(stdout.slice(stdout.lastIndexOf('\n'))) as number[];
  assert.deepEqual(
    LINES.map(([line], i) => [line, codes[i]]),
    LINES,
    stderr,
  );
  assert.ok(stderr.endsWith(TRAIN + CHECK_CODER + REDIS + POSTGRES + REDIS), stderr);
});
