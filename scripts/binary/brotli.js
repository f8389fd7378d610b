/// <reference path="../../src/web/brotli-wasm.d.ts" />
import init, { compress, DecompressStream } from 'brotli-wasm/pkg.web/brotli_wasm.js';
import { readAssetFile } from './assets.js';

/** @type {Promise<{ compress: typeof compress, DecompressStream: typeof DecompressStream }> | null} */
let brotli = null;

/** Loads brotli-wasm from the assets of the program. */
export function loadBrotli() {
  return (brotli ??= load());
}

async function load() {
  await init(await readAssetFile('brotli.wasm'));
  return { compress, DecompressStream };
}
