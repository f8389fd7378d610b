import init, { compress, DecompressStream } from 'brotli-wasm/pkg.web/brotli_wasm.js';
import type { Host } from '../host/host.js';
import { portableSha256, portableZlib } from '../host/portable.js';
import { encodePicture } from './encode-picture.js';
import { pipe } from './pipe.js';

/** Below the limits of all browsers, of which Safari's is the lowest: 2^32. */
const MAX_ARRAY_BYTES = 2 ** 31;

/** Returns a host of web APIs. */
export function webHost(readAsset: Host['readAsset'], startWorker: Host['startWorker']): Host {
  let brotli: ReturnType<Host['loadBrotli']> | null = null;
  const loadBrotli = async (): ReturnType<Host['loadBrotli']> => {
    await init(await readAsset('brotli.wasm'));
    return { compress, DecompressStream };
  };
  return {
    parallelism: navigator.hardwareConcurrency,
    maxArrayBytes: MAX_ARRAY_BYTES,
    startWorker,
    readAsset,
    loadBrotli: () => (brotli ??= loadBrotli()),
    sha256: portableSha256,
    encodePicture,
    zlib: { ...portableZlib, deflate: nativeDeflate },
  };
}

/**
 * Deflates with the browser's zlib, which is ten times as fast as pako and has no options. Only PNG and TIFF files that are
 * written from samples contain such streams; no .prnn file depends on them.
 */
function nativeDeflate(bytes: Uint8Array): Promise<Uint8Array> {
  return pipe(bytes as Uint8Array<ArrayBuffer>, new CompressionStream('deflate'));
}
