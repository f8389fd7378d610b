import { cpSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

// esbuild does not follow `new URL`: copy the worker and the files next to the page, and name them with `configure`.
const [, , output = 'dist'] = process.argv;
const root = dirname(createRequire(import.meta.url).resolve('pixrnn/package.json'));
await build({
  entryPoints: [join(import.meta.dirname, 'app.js')],
  bundle: true,
  format: 'esm',
  target: 'es2022',
  outdir: output,
});
mkdirSync(join(output, 'pixrnn'), { recursive: true });
for (const name of ['engine', 'palette', 'packing', 'jpeg']) {
  cpSync(join(root, `dist/${name}.wasm`), join(output, `pixrnn/${name}.wasm`));
}
cpSync(join(root, 'dist/web/brotli.wasm.gz'), join(output, 'pixrnn/brotli.wasm'));
cpSync(join(root, 'dist/web/worker.js'), join(output, 'pixrnn/worker.js'));
for (const name of ['photo-rgb', 'photo-rgb-large', 'photo-rgb-small', 'photo-gray', 'photo-gray-small']) {
  cpSync(join(root, `models/${name}.safetensors`), join(output, `pixrnn/models/${name}.safetensors`));
}
