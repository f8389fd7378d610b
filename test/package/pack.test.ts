/*
 * The package as somebody who installs it gets it. Needs the npm registry, for the dependencies.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { shippedModels } from '#pixrnn/model/registry.js';
import { blobs } from '../../fixtures/draw.js';
import { pngOf } from '../../fixtures/png.js';
import { decodeWithPngjs } from '../image/pngjs.js';
import { npmPack, type Packed, runIn } from './npm.js';

const ROOT = join(import.meta.dirname, '../../..');

const DRAWN = blobs({ width: 40, height: 30 });

/** All that may ship. */
const MEANT_TO_SHIP = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|docs\/(API|FORMAT)\.md|docs\/format\/\w+\.md|bin\/pixrnn\.js|man\/pixrnn\.1|scripts\/native-tensorflow\.sh|dist\/(engine|colours|training)\.wasm)$/,
  /^models\/[\w-]+\.(safetensors|md)$/,
  /^dist\/[\w/-]+\.(js|d\.ts)$/,
];

const MUST_SHIP = [
  'package.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'docs/API.md',
  'docs/FORMAT.md',
  ...['pixelrnn', 'photo', 'mixer', 'palette'].map((text) => `docs/format/${text}.md`),
  'bin/pixrnn.js',
  'man/pixrnn.1',
  'dist/index.js',
  'dist/index.d.ts',
  'dist/engine.wasm',
  'dist/colours.wasm',
  'dist/training.wasm',
  ...shippedModels().map(({ path }) => `models/${basename(path)}`),
];

/** So that a registry out of reach is told within half a minute. */
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

/** One in TypeScript, whose types are exact: `bytes` is there by default, `raster` where samples are asked for. */
const TYPED_USER = `
import { compress, decompress, PixrnnError, type CompressedImage } from 'pixrnn';

const { bytes, effort }: CompressedImage = await compress('drawn.png', { effort: 1, signal: AbortSignal.timeout(1) });
const file: Uint8Array = (await decompress(bytes)).bytes;
const { raster } = await decompress(file, { format: 'raster', rows: [0, 1] });
const width: number = raster.width + effort;
// @ts-expect-error there is no such option
await compress('drawn.png', { efort: 1 });
// @ts-expect-error a file has no samples
(await decompress(file)).raster;
export const code = (error: unknown) => (error instanceof PixrnnError ? error.code : width);
`;

describe('the npm package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-pack-'));
  let packed: Packed;

  before(async () => {
    packed = await npmPack(ROOT, folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('holds what is meant to ship and nothing else', () => {
    const paths = packed.files.map(({ path }) => path);
    const odd = paths.filter((path) => !MEANT_TO_SHIP.some((pattern) => pattern.test(path)));
    assert.deepEqual(odd, [], 'files that are not meant to ship');
    const missing = MUST_SHIP.filter((path) => !paths.includes(path));
    assert.deepEqual(missing, [], 'files that must ship');
  });

  it('holds no module whose source is gone', () => {
    const sources = packed.files
      .filter(({ path }) => path.startsWith('dist/') && path.endsWith('.js'))
      .map(({ path }) => path.replace(/^dist\/(.*)\.js$/, 'src/$1.ts'));
    const gone = sources.filter((path) => !existsSync(join(ROOT, path)));
    assert.deepEqual(gone, [], 'dist/ has files of an older build: remove it and build again');
  });

  describe('installed in an empty folder from the npm registry', () => {
    before(async () => {
      writeFileSync(join(folder, 'package.json'), '{ "private": true }');
      const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', ...RETRY];
      await runIn(folder, 'npm', 'install', ...flags, `./${packed.filename}`);
      writeFileSync(join(folder, 'drawn.png'), pngOf(DRAWN));
    });

    it('runs by its name', async () => {
      const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
      assert.equal(await runIn(folder, 'npx', '--no-install', 'pixrnn', '--version'), `${version}\n`);
    });

    it('compresses and decompresses a file', async () => {
      await runIn(folder, 'npx', '--no-install', 'pixrnn', 'compress', 'drawn.png');
      await runIn(folder, 'npx', '--no-install', 'pixrnn', 'decompress', 'drawn.prnn', '-o', 'decoded.png');
      const decoded = readFileSync(join(folder, 'decoded.png'));
      assert.deepEqual(decodeWithPngjs(decoded, 3), DRAWN.samples);
    });

    it('is a library', async () => {
      writeFileSync(join(folder, 'user.mjs'), USER);
      const output = await runIn(folder, process.execPath, 'user.mjs');
      assert.deepEqual(JSON.parse(output), { same: true, smaller: true });
    });

    it('has types, which a strict compiler takes', async () => {
      writeFileSync(join(folder, 'user.mts'), TYPED_USER);
      const [tsc, types] = [join(ROOT, 'node_modules/typescript/bin/tsc'), join(ROOT, 'node_modules/@types')];
      const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
      await runIn(folder, process.execPath, tsc, ...flags, '--typeRoots', types, 'user.mts');
    });
  });
});
