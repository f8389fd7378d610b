import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { assetPath } from '#pixrnn/node/assets.js';

/** A web server on the loopback interface. */
export interface Site {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const BROTLI = createRequire(import.meta.url)
  .resolve('brotli-wasm')
  .replace(/index\.node\.js$/, 'pkg.web/brotli_wasm_bg.wasm');

const HTML = '<!doctype html><meta charset="utf-8"><title>pixrnn</title><script type="module" src="/page.js"></script>';
const TYPES = new Map([
  ['js', 'text/javascript'],
  ['wasm', 'application/wasm'],
]);

/**
 * Bundles the page and its worker for browsers, without leaving any module out, and serves them with the package's
 * files. The pool cancels jobs through shared memory, which a page has only if it is cross-origin isolated.
 */
export async function serveSite(): Promise<Site> {
  const bundles = await bundle();
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').slice(1);
    const send = (body: string | Uint8Array): void => {
      response.writeHead(200, {
        'content-type':
          TYPES.get(path.split('.').at(-1) ?? '') ?? (path === '' ? 'text/html' : 'application/octet-stream'),
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      });
      response.end(body);
    };
    const bundled = bundles.get(path);
    if (path === '') send(HTML);
    else if (bundled) send(bundled);
    else {
      const file = path === 'brotli_wasm_bg.wasm' ? BROTLI : assetPath(path.replace(/^assets\//, ''));
      readFile(file).then(send, () => response.writeHead(404).end());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function bundle(): Promise<Map<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: [here('./page.js'), here('./worker.js')],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    outdir: '/',
    write: false,
    logLevel: 'error',
  });
  return new Map(outputFiles.map(({ path, contents }) => [path.slice(1), contents]));
}
