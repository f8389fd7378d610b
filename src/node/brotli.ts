import { createRequire } from 'node:module';
import type { Host } from '../host/host.js';

const require = createRequire(import.meta.url);

/** Loads brotli-wasm's build for Node.js, which reads its WebAssembly from the disk. */
export function loadBrotli(): ReturnType<Host['loadBrotli']> {
  return Promise.resolve(require('brotli-wasm') as Awaited<ReturnType<Host['loadBrotli']>>);
}
