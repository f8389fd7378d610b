import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/*
 * Bundles the worker of `pixrnn/web`, after `tsc`: one classic script, which also starts from a blob of a page on
 * disk, so that pages need no bundler. The other modules of dist/web import relative paths only.
 *
 *   npm run build:web
 */

const root = join(import.meta.dirname, '..');
const brotli = join(dirname(createRequire(import.meta.url).resolve('brotli-wasm')), 'pkg.web');

await build({
  entryPoints: { worker: join(root, 'dist/web/worker-main.js') },
  outdir: join(root, 'dist/web'),
  bundle: true,
  minify: true,
  format: 'iife',
  define: { 'import.meta.url': 'location.href' },
  platform: 'browser',
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
  alias: { 'brotli-wasm/pkg.web/brotli_wasm.js': join(brotli, 'brotli_wasm.js') },
});
copyFileSync(join(brotli, 'brotli_wasm_bg.wasm'), join(root, 'dist/web/brotli_wasm_bg.wasm'));
