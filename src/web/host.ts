import init, { compress, DecompressStream } from 'brotli-wasm/pkg.web/brotli_wasm.js';
import type { Host, HostWorker, WorkerEvents } from '../host/host.js';
import { portableSha256, portableZlib } from '../host/portable.js';
import type { Assets } from './assets.js';
import { encodePicture } from './encode-picture.js';
import { readAsset } from './read-asset.js';
import type { EngineStart } from './worker-start.js';

/** Below the limits of all browsers, of which Safari's is the lowest: 2^32. */
const MAX_ARRAY_BYTES = 2 ** 31;

/**
 * Returns a host of web APIs, for a worker.
 * @param script the script of its engine threads; null: that of this worker
 */
export function webHost(assets: Assets, script: Blob | null): Host {
  const url = script === null ? globalThis.location.href : URL.createObjectURL(script);
  let brotli: ReturnType<Host['loadBrotli']> | null = null;
  const loadBrotli = async (): ReturnType<Host['loadBrotli']> => {
    await init(await readAsset(assets, 'brotli.wasm'));
    return { compress, DecompressStream };
  };
  return {
    parallelism: navigator.hardwareConcurrency,
    maxArrayBytes: MAX_ARRAY_BYTES,
    startWorker: (events) => startEngine(url, assets, events),
    readAsset: (name) => readAsset(assets, name),
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
async function nativeDeflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function startEngine(url: string, assets: Assets, { onMessage, onEnd }: WorkerEvents): HostWorker {
  const worker = new Worker(url);
  worker.onmessage = ({ data }) => onMessage(data);
  worker.onerror = (event) => {
    event.preventDefault();
    worker.terminate();
    onEnd(new Error(event.message));
  };
  const start: EngineStart = { role: 'engine', assets };
  worker.postMessage(start);
  return {
    postMessage: (message, transfer) => worker.postMessage(message, [...transfer]),
    terminate: () => {
      worker.terminate();
      onEnd(new Error('it was terminated'));
      return Promise.resolve();
    },
  };
}
