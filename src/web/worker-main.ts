import type { ToWorker } from '../engine/protocol.js';
import { EnginePool } from '../engine/pool.js';
import { serveJobs } from '../engine/serve-jobs.js';
import { installHost } from '../host/host.js';
import { serveCalls } from '../service/serve-calls.js';
import { handleRequest } from './handle-request.js';
import { webHost } from './host.js';
import type { DecodedTile } from './options.js';
import type { Kind, Request, Results, ToBackground } from './protocol.js';
import type { WorkerStart } from './worker-start.js';

/* The script of every worker: the background thread of a `Codec`, or one of its engine threads. */

const send = (message: unknown, transfer: readonly Transferable[] = []): void =>
  self.postMessage(message, { transfer: [...transfer] });

self.onmessage = ({ data }: MessageEvent<WorkerStart>) => {
  installHost(webHost(data.assets, data.role === 'background' ? data.script : null));
  if (data.role === 'engine') {
    const receive = serveJobs(send);
    self.onmessage = (event: MessageEvent<ToWorker>) => receive(event.data);
    return;
  }
  const pool = EnginePool.create({ threads: data.threads });
  const receive = serveCalls<Request, Results[Kind], DecodedTile>(send, async (request, context) =>
    handleRequest(request, { ...context, pool: await pool }),
  );
  self.onmessage = (event: MessageEvent<ToBackground>) => receive(event.data);
};
