/** The browser build of brotli-wasm, which the bundle of the worker resolves (scripts/build-web.js). */
declare module 'brotli-wasm/pkg.web/brotli_wasm.js' {
  import type { BrotliWasmType } from 'brotli-wasm';

  export default function init(wasm: Uint8Array<ArrayBuffer>): Promise<unknown>;
  export const compress: BrotliWasmType['compress'];
  export const DecompressStream: BrotliWasmType['DecompressStream'];
}
