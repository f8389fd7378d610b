import { EnginePool } from '../engine/pool.js';
import type { ToWorker } from '../engine/protocol.js';
import { serveJobs } from '../engine/serve-jobs.js';
import { type Host, installHost } from '../host/host.js';
import { serveCalls } from '../service/serve-calls.js';
import { type AssetAnswer, EngineAssets } from './engine-assets.js';
import { handleRequest } from './handle-request.js';
import { webHost } from './host.js';
import type { Kind, PixelsEvent, Request, Results, ToBackground } from './protocol.js';
import { assetReader } from './read-asset.js';
import { RemoteEngines } from './remote-engines.js';
import { type BackgroundStart, type Passed, STARTED, type WorkerStart } from './worker-start.js';

/* The script of every worker: the background thread of a `Codec`, or one of its engine threads. */

const send = (message: unknown, transfer: readonly Transferable[] = []): void =>
  self.postMessage(message, { transfer: [...transfer] });

function startEngine(): (message: ToWorker | AssetAnswer) => void {
  const pass = (message: unknown, transfer: readonly ArrayBuffer[]): void =>
    send({ message, transfer } satisfies Passed, transfer);
  const assets = new EngineAssets((request) => pass(request, []));
  const startWorker: Host['startWorker'] = () => {
    throw new Error('an engine thread starts no other');
  };
  installHost(webHost(assets.read, startWorker));
  const receive = serveJobs(pass);
  return (message) => ('asset' in message ? assets.receive(message) : receive(message));
}

function startBackground({ assets, threads }: BackgroundStart): (message: ToBackground) => void {
  const readAsset = assetReader(assets);
  const engines = new RemoteEngines(send, readAsset);
  installHost(webHost(readAsset, (events) => engines.start(events)));
  const pool = EnginePool.create({ threads });
  const receive = serveCalls<Request, Results[Kind], PixelsEvent>(send, async (request, context) =>
    handleRequest(request, { ...context, pool: await pool }),
  );
  return (message) => {
    if (message.type === 'from-engine' || message.type === 'engine-ended') engines.receive(message);
    else receive(message);
  };
}

/** Handles the messages after the first one, which sets the role. */
let receive: ((message: never) => void) | null = null;
self.onmessage = ({ data }: MessageEvent<unknown>) => {
  if (receive) return receive(data as never);
  const start = data as WorkerStart;
  receive = start.role === 'engine' ? startEngine() : startBackground(start);
};
send(STARTED);
