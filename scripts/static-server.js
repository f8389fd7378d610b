import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

/* A web server for static files on the loopback interface, as any host serves them: for `npm run web` and the tests. */

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};
const COMPRESSED = new Set(['.css', '.html', '.js', '.json', '.svg', '.wasm', '.webmanifest']);

/** The policy under which every part of pixrnn works: nothing is added to 'self' but the compiling of WebAssembly. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Serves a directory. No cross-origin isolation: pages have no shared memory.
 * @param {string} root
 * @param {{ port?: number, policy?: string, onSend?: (path: string, bytes: number) => void }} [options]
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serve(root, { port = 0, policy = CONTENT_SECURITY_POLICY, onSend } = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = normalize(decodeURIComponent(pathname.endsWith('/') ? `${pathname}index.html` : pathname));
    if (path.split(sep).includes('..')) return void response.writeHead(400).end();
    readFile(join(root, path)).then(
      (bytes) => {
        const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
        if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
        const isCompressed = COMPRESSED.has(extname(path)) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
        const body = isCompressed ? gzipSync(bytes, { level: 9 }) : bytes;
        response.writeHead(200, {
          'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
          'content-length': body.length,
          'content-security-policy': policy,
          'x-content-type-options': 'nosniff',
          'cache-control': 'no-cache',
          etag,
          ...(isCompressed && { 'content-encoding': 'gzip' }),
        });
        response.end(body);
        onSend?.(path, body.length);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
