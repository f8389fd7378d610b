import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { gzipSync } from 'fflate';

/*
 * Bundles two files of `pixrnn/web`, after build-ts.js, so that pages need no bundler: the worker, a classic script, which also
 * starts from a blob of a page on disk, and the element. The other modules of dist/web import relative paths only.
 *
 *   npm run build:web
 */

const root = join(import.meta.dirname, '..');
const brotli = join(dirname(createRequire(import.meta.url).resolve('brotli-wasm')), 'pkg.web');

const common = /** @type {const} */ ({
  outdir: join(root, 'dist/web'),
  bundle: true,
  minify: true,
  platform: 'browser',
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
});
await build({
  ...common,
  entryPoints: { worker: join(root, 'dist/web/worker-main.js') },
  format: 'iife',
  define: { 'import.meta.url': 'location.href' },
  alias: { 'brotli-wasm/pkg.web/brotli_wasm.js': join(brotli, 'brotli_wasm.js') },
});
// The element shares the codec of the library, which `configure` sets.
await build({
  ...common,
  entryPoints: { element: join(root, 'dist/web/prnn-img.js') },
  format: 'esm',
  external: ['./functions.js'],
});
// 0.5 MB instead of 1.1, in the package and for hosts that do not compress.
writeFileSync(
  join(root, 'dist/web/brotli.wasm.gz'),
  gzipSync(readFileSync(join(brotli, 'brotli_wasm_bg.wasm')), { level: 9, mem: 12 }),
);
