import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { gzipSync } from 'fflate';
import { shippedModels } from '../dist/model/registry.js';
import { splitFloats } from '../dist/web/float-planes.js';

/* Builds the page in one file, decode.html: everything is inlined, so that it opens .prnn files without a server. */

const root = join(import.meta.dirname, '..');
/** The files of the decoder by name; the models are those that `compress` uses by default. */
const FILES = {
  'engine.wasm': 'dist/engine.wasm',
  'palette.wasm': 'dist/palette.wasm',
  'packing.wasm': 'dist/packing.wasm',
  'jpeg.wasm': 'dist/jpeg.wasm',
  'brotli.wasm': 'dist/web/brotli.wasm.gz',
  ...Object.fromEntries(shippedModels().flatMap(({ asset, defaultFor }) => (defaultFor ? [[asset, asset]] : []))),
};

/** Returns the page. */
export async function oneFilePage() {
  const common = /** @type {const} */ ({ bundle: true, minify: true, write: false, logLevel: 'warning' });
  const script = await build({
    ...common,
    format: 'iife',
    target: 'es2022',
    entryPoints: [join(root, 'web/src/one-file-main.ts')],
    // The package's own URLs, which this page does not use, would need a module.
    define: { 'import.meta.url': '"https://pixrnn.invalid/"' },
    plugins: [
      {
        name: 'one-file',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^\.\/pixrnn\.js$/ }, () => ({ path: join(root, 'web/src/pixrnn-one-file.ts') })),
      },
    ],
  });
  const style = await build({ ...common, entryPoints: [join(root, 'web/style.css')] });
  const files = Object.entries(FILES).map(([name, path]) => {
    const file = readFileSync(join(root, path));
    const served = path.endsWith('.safetensors') ? splitFloats(file) : file;
    const content = path.endsWith('.gz') ? file : Buffer.from(gzipSync(served, { level: 9, mem: 12 }));
    return `<script type="text/plain" data-file="${name}">${content.toString('base64')}</script>`;
  });
  const worker = readFileSync(join(root, 'dist/web/worker.js'), 'utf8');
  const scripts = [
    `<script type="text/plain" id="worker">${inScript(worker)}</script>`,
    ...files,
    `<script>${inScript(textOf(script))}</script>`,
  ];
  const page = readFileSync(join(root, 'web/one-file.html'), 'utf8');
  return page.replace('/* STYLE */', () => textOf(style)).replace('<!-- FILES -->', () => scripts.join('\n'));
}

/** @param {{ outputFiles: readonly { text: string }[] }} result */
function textOf({ outputFiles }) {
  return outputFiles[0]?.text ?? '';
}

/** Returns a script as it stands in a page, where `</script` would end it. @param {string} text */
function inScript(text) {
  return text.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
}
