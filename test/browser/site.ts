import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { assetPath } from '#pixrnn/node/assets.js';
import { serve } from '../../scripts/static-server.js';

const HTML = `<!doctype html><meta charset="utf-8"><title>pixrnn</title><link rel="icon" href="data:,">
<script type="module" src="/page.js"></script>`;
const BROTLI = join(dirname(createRequire(import.meta.url).resolve('brotli-wasm')), 'pkg.web/brotli_wasm.js');
/** Engine threads start from a blob here, because the page itself computes. */
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' blob:; worker-src blob:; img-src data:";

/** Bundles the page for browsers, without leaving any module out, and serves it with the files of the package. */
export async function serveSite(): Promise<{ url: string; close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-site-'));
  writeFileSync(join(folder, 'index.html'), HTML);
  for (const name of ['engine', 'palette', 'jpeg', 'packing']) {
    copyFileSync(assetPath(`${name}.wasm`), join(folder, `${name}.wasm`));
  }
  copyFileSync(assetPath('web/brotli.wasm.gz'), join(folder, 'brotli.wasm'));
  copyFileSync(assetPath('web/worker.js'), join(folder, 'worker.js'));
  mkdirSync(join(folder, 'models'));
  const weights = assetPath('models/photo-rgb.safetensors');
  cpSync(dirname(weights), join(folder, 'models'), {
    recursive: true,
    filter: (path) => !path.includes('training') && (path.endsWith('.safetensors') || path === dirname(weights)),
  });
  await build({
    entryPoints: [join(import.meta.dirname, 'page.js')],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    outdir: folder,
    logLevel: 'error',
    alias: { 'brotli-wasm/pkg.web/brotli_wasm.js': BROTLI },
  });
  const { url, close } = await serve(folder, { policy: POLICY });
  return {
    url,
    close: async () => {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
