import loadBrotli from 'brotli-wasm';
import type { Host } from '#pixrnn/host/host.js';
import { portableSha256, portableZlib } from '#pixrnn/host/portable.js';

/** A host that uses nothing but browser APIs and the portable packages. */
export const webHost: Host = {
  parallelism: navigator.hardwareConcurrency,
  maxArrayBytes: 2 ** 31,
  startWorker: ({ onMessage, onEnd }) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }) => onMessage(data);
    worker.onerror = ({ message }) => onEnd(new Error(message));
    return {
      postMessage: (message, transfer) => worker.postMessage(message, [...transfer]),
      terminate: () => {
        worker.terminate();
        onEnd(new Error('it ended'));
        return Promise.resolve();
      },
    };
  },
  readAsset: async (name) => {
    const response = await fetch(new URL(`/assets/${name}`, import.meta.url));
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  },
  // The declarations are those of the CommonJS build; the default export of the browser module is a promise.
  loadBrotli: () => loadBrotli as unknown as ReturnType<Host['loadBrotli']>,
  sha256: portableSha256,
  zlib: portableZlib,
};
