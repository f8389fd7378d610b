/**
 * Builds the single-file program `build/binary/pixrnn` (`pixrnn.exe` on Windows): this Node.js with the command line, the
 * WebAssembly modules and the shipped models in it, as a single executable application.
 *
 * Usage: build-binary [--smoke IMAGE], which compresses an image with it and restores it byte for byte
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { gunzipSync } from 'fflate';
import postject from 'postject';
import { shippedModels } from '../dist/model/registry.js';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'build/binary');
const program = join(folder, process.platform === 'win32' ? 'pixrnn.exe' : 'pixrnn');
/** What Node.js looks for in its own file (https://nodejs.org/docs/latest-v20.x/api/single-executable-applications.html). */
const RESOURCE = 'NODE_SEA_BLOB';
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
/** Packages with native code, and those that only farms and training need: used if they are installed next to the program. */
const INSTALLED = /^(sharp|bullmq|ioredis|pg|arithmetic-coding|@aws-sdk\/client-s3|@tensorflow\/.*)$/;
/** Modules of the package that find its files on the disk, and those of the program. */
const REPLACED = {
  'dist/node/assets.js': 'assets.js',
  'dist/node/brotli.js': 'brotli.js',
  'dist/cli/actions/train.js': 'train.js',
};

const { values } = parseArgs({ options: { smoke: { type: 'string' } } });
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
await bundle(join(root, 'scripts/binary/main.js'), 'main.js');
await bundle(join(root, 'dist/node/engine-worker.js'), 'engine-worker.js');
await inject();
copyLicences();
console.log(`${program}: ${(statSync(program).size / 1e6).toFixed(1)} MB`);
if (values.smoke !== undefined) smoke(values.smoke);

/**
 * Bundles a script as CommonJS, which is what a single executable application starts.
 * @param {string} entry
 * @param {string} name
 */
async function bundle(entry, name) {
  await build({
    entryPoints: [entry],
    outfile: join(folder, name),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minify: true,
    keepNames: true,
    logLevel: 'warning',
    alias: { 'brotli-wasm/pkg.web/brotli_wasm.js': join(root, 'node_modules/brotli-wasm/pkg.web/brotli_wasm.js') },
    // `require` of a single executable application finds only modules of Node.js.
    define: { 'import.meta.url': 'PROGRAM_URL' },
    banner: { js: "const PROGRAM_URL = require('node:url').pathToFileURL(process.execPath).href;" },
    plugins: [{ name: 'single-file', setup: resolveForProgram }],
  });
}

/** @param {import('esbuild').PluginBuild} plugin */
function resolveForProgram({ onLoad, onResolve }) {
  onResolve({ filter: INSTALLED }, ({ path }) => ({ path, namespace: 'installed' }));
  onLoad({ filter: /.*/, namespace: 'installed' }, ({ path }) => ({
    contents: `module.exports = require('node:module').createRequire(process.execPath)(${JSON.stringify(path)});`,
  }));
  for (const [path, replacement] of Object.entries(REPLACED)) {
    const filter = new RegExp(`${path.replaceAll('/', '[\\\\/]').replace('.', '\\.')}$`);
    onLoad({ filter }, () => ({
      contents: `export * from './${replacement}';`,
      resolveDir: join(root, 'scripts/binary'),
    }));
  }
}

/** Copies the running Node.js and writes the scripts and assets into the copy. */
async function inject() {
  const blob = join(folder, 'program.blob');
  const config = join(folder, 'sea.json');
  writeFileSync(
    config,
    JSON.stringify({
      main: join(folder, 'main.js'),
      output: blob,
      disableExperimentalSEAWarning: true,
      useCodeCache: true,
      assets: assets(),
    }),
  );
  execFileSync(process.execPath, ['--experimental-sea-config', config], { stdio: ['ignore', 'ignore', 'inherit'] });
  copyFileSync(process.execPath, program);
  chmodSync(program, 0o755);
  const isMac = process.platform === 'darwin';
  if (isMac) execFileSync('codesign', ['--remove-signature', program]);
  const options = { sentinelFuse: FUSE, ...(isMac && { machoSegmentName: 'NODE_SEA' }) };
  await postject.inject(program, RESOURCE, readFileSync(blob), options);
  if (isMac) execFileSync('codesign', ['--sign', '-', program]);
  for (const path of [
    blob,
    config,
    join(folder, 'brotli.wasm'),
    join(folder, 'main.js'),
    join(folder, 'engine-worker.js'),
  ])
    rmSync(path);
}

/** Copies the licences that must accompany the program next to it. */
function copyLicences() {
  for (const name of ['LICENSE', 'THIRD-PARTY.md']) copyFileSync(join(root, name), join(folder, name));
  const places = ['../LICENSE', 'LICENSE'].map((name) => join(dirname(process.execPath), name));
  const found = [...places, '/usr/share/doc/nodejs/copyright'].find((path) => existsSync(path));
  if (found !== undefined) return copyFileSync(found, join(folder, 'LICENSE-Node.js'));
  const url = `https://github.com/nodejs/node/blob/${process.version}/LICENSE`;
  console.warn(`The licence of Node.js is not installed. Add it before you distribute the program: ${url}`);
}

/** Returns the paths of the assets by their names in src/node/assets.ts. */
function assets() {
  const brotli = join(folder, 'brotli.wasm');
  writeFileSync(brotli, gunzipSync(readFileSync(join(root, 'dist/web/brotli.wasm.gz'))));
  return {
    ...Object.fromEntries(
      ['engine', 'palette', 'packing', 'jpeg'].map((n) => [`${n}.wasm`, join(root, `dist/${n}.wasm`)]),
    ),
    ...Object.fromEntries(shippedModels().map(({ asset }) => [asset, join(root, asset)])),
    'brotli.wasm': brotli,
    'program/engine-worker.js': join(folder, 'engine-worker.js'),
    'report/html/page-script.js': join(root, 'dist/report/html/page-script.js'),
    '../package.json': join(root, 'package.json'),
  };
}

/**
 * Compresses an image and restores it, in an empty directory; fails if a byte differs.
 * @param {string} image
 */
function smoke(image) {
  const place = mkdtempSync(join(tmpdir(), 'pixrnn binary '));
  try {
    const name = basename(image);
    copyFileSync(image, join(place, name));
    const run = (/** @type {string[]} */ ...args) => execFileSync(program, args, { cwd: place, stdio: 'inherit' });
    run('--version');
    run('compress', '--exact', name);
    const compressed = `${basename(name, extname(name))}.prnn`;
    const restored = `restored${extname(name)}`;
    run('decompress', compressed, '-o', restored);
    if (!readFileSync(join(place, name)).equals(readFileSync(join(place, restored)))) {
      throw new Error(`${name} is not restored`);
    }
    console.log(`${name}: restored byte for byte`);
  } finally {
    rmSync(place, { recursive: true });
  }
}
