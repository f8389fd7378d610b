/*
 * The package as installed by a user. Needs the npm registry for the dependencies.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { shippedModels } from '#pixrnn/model/registry.js';
import { blobs } from '../../fixtures/draw.js';
import { pngOf } from '../../fixtures/png.js';
import { decodeWithPngjs } from '../image/pngjs.js';
import { isUnreachable, npmPack, type Packed, runIn } from './npm.js';

const ROOT = join(import.meta.dirname, '../../..');

const DRAWN = blobs({ width: 40, height: 30 });

/** Everything that may ship. */
const MEANT_TO_SHIP = [
  /^(package\.json|README\.md|LICENSE|(CHANGELOG|CONTRIBUTING|SECURITY|THIRD-PARTY)\.md|bin\/pixrnn\.js|man\/pixrnn\.1)$/,
  /^(desktop\/(prnn\.xml|prnn\.thumbnailer|magic)|scripts\/install-desktop\.sh)$/,
  /^deploy\/([\w.-]+|bull-board\/(package\.json|server\.js))$/,
  /^(scripts\/native-tensorflow\.sh|dist\/(engine|jpeg|packing|palette|training)\.wasm)$/,
  /^docs\/[\w/-]+\.(md|svg|png)$/,
  /^(bench\/[A-Z]+\.md|examples\/[\w-]+\.js|examples\/web\/[\w./-]+\.(js|html))$/,
  /^dist\/web\/brotli\.wasm\.gz$/,
  /^models\/[\w-]+\.(safetensors|md)$/,
  // The command line is in dist/program; the script of a report's page is read as text.
  /^dist\/(?!(batch|cli|datasets|farm|report|train)\/)[\w/-]+\.js$/,
  /^dist\/report\/html\/page-script\.js$/,
  /^dist\/types\/(index|web|element)\.d\.ts$/,
];

const MUST_SHIP = [
  'package.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'SECURITY.md',
  'THIRD-PARTY.md',
  'docs/API.md',
  'docs/FORMAT.md',
  'docs/FARM.md',
  'deploy/Dockerfile',
  ...['recipes', 'recipe-formats', 'deflate', 'jpeg', 'jpeg-record'].map((text) => `docs/format/${text}.md`),
  ...['pixelrnn', 'photo', 'mixer', 'palette'].map((text) => `docs/format/${text}.md`),
  'bin/pixrnn.js',
  'man/pixrnn.1',
  'dist/index.js',
  ...['index', 'web', 'element'].map((entry) => `dist/types/${entry}.d.ts`),
  'dist/engine.wasm',
  'dist/packing.wasm',
  'dist/palette.wasm',
  'dist/jpeg.wasm',
  'dist/training.wasm',
  ...['index.js', 'worker.js', 'element.js', 'brotli.wasm.gz'].map((name) => `dist/web/${name}`),
  ...shippedModels().map(({ asset }) => asset),
];

/** Whether a file is written by esbuild, which has no source of the same name. */
const isBundle = (path: string): boolean => /^dist\/(program\/|web\/(worker|element)\.js$)/.test(path);

/** Detects an unreachable registry within half a minute. */
const RETRY = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];

/** A program that uses the library as its users do. */
const USER = `
import { readFileSync } from 'node:fs';
import { compressRaster, decompressToRaster, readImage } from 'pixrnn';

const { raster } = await readImage(readFileSync('drawn.png'));
const { bytes } = await compressRaster(raster, { threads: 1 });
const { raster: decoded } = await decompressToRaster(bytes, { threads: 1 });
const same = Buffer.compare(raster.samples, decoded.samples) === 0;
console.log(JSON.stringify({ same, smaller: bytes.length < raster.samples.length }));
`;

/** A TypeScript program whose types are exact: `bytes` is present by default, `raster` if samples are requested. */
const TYPED_USER = `
import { compress, decompress, PixrnnError, type CompressedImage } from 'pixrnn';
import { decompress as decompressInPage } from 'pixrnn/web';
import { PrnnImage } from 'pixrnn/web/element';

const { bytes, effort }: CompressedImage = await compress('drawn.png', { effort: 1, signal: AbortSignal.timeout(1) });
const file: Uint8Array = (await decompress(bytes)).bytes;
const { raster } = await decompress(file, { format: 'raster', rows: [0, 1] });
const width: number = raster.width + effort;
// @ts-expect-error there is no such option
await compress('drawn.png', { efort: 1 });
// @ts-expect-error a file has no samples
(await decompress(file)).raster;
export const bitmap: ImageBitmap = (await decompressInPage(bytes, { format: 'bitmap' })).bitmap;
export const pixels = ({ naturalWidth, naturalHeight }: PrnnImage): number => naturalWidth * naturalHeight;
export const code = (error: unknown) => (error instanceof PixrnnError ? error.code : width);
`;

describe('the npm package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-pack-'));
  let packed: Packed;

  before(async () => {
    await runIn(ROOT, 'npm', 'run', 'build:types');
    packed = await npmPack(ROOT, folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('contains what is meant to ship and nothing else', () => {
    const paths = packed.files.map(({ path }) => path);
    const unexpected = paths.filter((path) => !MEANT_TO_SHIP.some((pattern) => pattern.test(path)));
    assert.deepEqual(unexpected, [], 'files that are not meant to ship');
    const missing = MUST_SHIP.filter((path) => !paths.includes(path));
    assert.deepEqual(missing, [], 'files that must ship');
  });

  it('contains what its modules import', () => {
    const paths = new Set(packed.files.map(({ path }) => path));
    const modules = [...paths].filter((path) => path.startsWith('dist/') && path.endsWith('.js'));
    const relative = /(?:\bfrom|\bimport\(|^import)\s*['"](\.[^'"]+)['"]/gm;
    const missing = modules.flatMap((path) =>
      [...readFileSync(join(ROOT, path), 'utf8').matchAll(relative)]
        .map(([, target]) => join(path, '..', target!))
        .filter((target) => !paths.has(target))
        .map((target) => `${path} imports ${target}`),
    );
    assert.deepEqual(missing, []);
  });

  it('contains no module without a source', () => {
    const sources = packed.files
      .filter(({ path }) => path.startsWith('dist/') && path.endsWith('.js') && !isBundle(path))
      .map(({ path }) => path.replace(/^dist\/(.*)\.js$/, 'src/$1.ts'));
    const gone = sources.filter((path) => !existsSync(join(ROOT, path)));
    assert.deepEqual(gone, [], 'dist/ has files of an older build: remove it and build again');
  });

  it('contains the files that its README links to', () => {
    const paths = packed.files.map(({ path }) => path);
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const targets = [...readme.matchAll(/\]\(([^)\s#]+)[^)]*\)|(?:src|srcset|href)="([^"#]+)/g)]
      .map(([, link, attribute]) => link ?? attribute ?? '')
      .filter((target) => !/^\w+:/.test(target));
    assert.ok(targets.length > 5);
    const missing = targets
      .map(normalize)
      .filter((target) => !paths.some((path) => `${path}/`.startsWith(`${target}/`)));
    assert.deepEqual(missing, []);
  });

  it('names its source repository', () => {
    const { keywords, repository, homepage, bugs } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      keywords: string[];
      repository: { url: string };
      homepage: string;
      bugs: string;
    };
    assert.ok(keywords.length > 5);
    assert.match(repository.url, /^git\+https:\/\/.*\/pixrnn\.git$/);
    for (const address of [homepage, bugs]) assert.match(address, /^https:\/\/.*\/pixrnn\b/);
  });

  it('installs in an empty folder from the npm registry', async (context) => {
    let output: string;
    try {
      writeFileSync(join(folder, 'package.json'), '{ "private": true }');
      output = await install(folder, packed);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      return context.skip('the npm registry cannot be reached');
    }
    await checkInstalled(context, folder, output);
  });
});

/** Installs the tarball as a user does; returns npm's output. */
function install(folder: string, { filename }: Packed): Promise<string> {
  const flags = ['--no-audit', '--no-fund', '--prefer-offline', ...RETRY];
  return runIn(folder, 'sh', '-c', `npm_config_loglevel=warn npm install ${flags.join(' ')} ./${filename} 2>&1`);
}

/** Returns the bytes on a disk with blocks of 4 KiB. */
function diskUse(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => Math.ceil(statSync(join(parentPath, name)).size / 4096) * 4096)
    .reduce((sum, size) => sum + size, 0);
}

async function checkInstalled(context: TestContext, folder: string, output: string): Promise<void> {
  const pixrnn = (...args: string[]): Promise<string> => runIn(folder, 'npx', '--no-install', 'pixrnn', ...args);

  await context.test('without a warning', () => assert.doesNotMatch(output, /warn/i));

  await context.test('in at most 50 MB', (t) => {
    const megabytes = diskUse(join(folder, 'node_modules')) / 1e6;
    t.diagnostic(`${megabytes.toFixed(1)} MB installed`);
    assert.ok(megabytes <= 50, `${megabytes} MB`);
  });

  await context.test('without foreign commands', () => {
    // semver is a dependency of sharp.
    assert.deepEqual(readdirSync(join(folder, 'node_modules/.bin')).sort(), ['pixrnn', 'semver']);
  });

  await context.test('runs by its name', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    assert.equal(await pixrnn('--version'), `${version}\n`);
  });

  await context.test('compresses and decompresses a file', async () => {
    writeFileSync(join(folder, 'drawn.png'), pngOf(DRAWN));
    await pixrnn('compress', 'drawn.png');
    await pixrnn('decompress', 'drawn.prnn', '-o', 'decoded.png');
    const decoded = readFileSync(join(folder, 'decoded.png'));
    assert.deepEqual(decodeWithPngjs(decoded, 3), DRAWN.samples);
  });

  await context.test('writes a page of a report', async () => {
    await pixrnn('report', '-e', '1', '--html', 'report.html', 'drawn.png');
    assert.match(readFileSync(join(folder, 'report.html'), 'utf8'), /<script/);
  });

  await context.test('prints in one line what training needs', async () => {
    await assert.rejects(pixrnn('train', '.'), /:\npixrnn: training needs TensorFlow\.js.*`npm install .*\.\n$/);
  });

  await context.test('is a library', async () => {
    writeFileSync(join(folder, 'user.mjs'), USER);
    const printed = await runIn(folder, process.execPath, 'user.mjs');
    assert.deepEqual(JSON.parse(printed), { same: true, smaller: true });
  });

  await context.test('has types that a strict compiler accepts', async () => {
    writeFileSync(join(folder, 'user.mts'), TYPED_USER);
    const [tsc, types] = [join(ROOT, 'node_modules/typescript/bin/tsc'), join(ROOT, 'node_modules/@types')];
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
    await runIn(folder, process.execPath, tsc, ...flags, '--typeRoots', types, 'user.mts');
  });
}
