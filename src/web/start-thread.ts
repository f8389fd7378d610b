import type { HostWorker, WorkerEvents } from '../host/host.js';
import { STARTED, type WorkerStart } from './worker-start.js';

/** The script of the workers; null: the one of the package. */
export type WorkerScript = string | URL | Blob | null;

/** Seconds after which a worker that does not answer has failed. On a loaded machine, one may need several. */
const START_SECONDS = 30;

/** Starts a worker. One that cannot be started ends with the reason. */
export function startThread(script: WorkerScript, start: WorkerStart, { onMessage, onEnd }: WorkerEvents): HostWorker {
  // Bundlers look for this very expression.
  const worker = script === null ? new Worker(new URL('./worker.js', import.meta.url)) : new Worker(urlOf(script));
  let hasEnded = false;
  const end = (reason: string): void => {
    clearTimeout(timer);
    worker.terminate();
    if (hasEnded) return;
    hasEnded = true;
    onEnd(new Error(reason));
  };
  const timer = setTimeout(() => end(`its worker did not start within ${START_SECONDS} s`), 1000 * START_SECONDS);
  worker.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data === STARTED) clearTimeout(timer);
    else if (!hasEnded) onMessage(data);
  };
  worker.onmessageerror = () => end('a message of its worker cannot be read');
  worker.onerror = (event) => {
    event.preventDefault();
    end(event.message || 'the script of its worker cannot be loaded');
  };
  worker.postMessage(start);
  return {
    postMessage: (message, transfer) => worker.postMessage(message, [...transfer]),
    terminate: () => {
      end('it was terminated');
      return Promise.resolve();
    },
  };
}

function urlOf(script: string | URL | Blob): string | URL {
  return script instanceof Blob ? URL.createObjectURL(script) : script;
}
