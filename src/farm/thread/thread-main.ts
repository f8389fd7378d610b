import '../../node/install.js';
import { parentPort, workerData } from 'node:worker_threads';
import { EnginePool } from '../../engine/pool.js';
import { type CallContext, type Response, serveCalls } from '../../service/serve-calls.js';
import { ConfinedStorages } from '../open-storage.js';
import { doTile } from '../tiles/do-tile.js';
import { doFile, type FarmContext } from './do-file.js';
import type { FarmRequest, FarmResults, FarmThreadData } from './protocol.js';

/* The thread of a worker that reads, codes and writes. */
const port = parentPort;
if (!port) throw new Error('thread-main.js runs only as a thread of a worker');
const { threads, roots, models, splitPixels } = workerData as FarmThreadData;
const [pool, storages] = await Promise.all([EnginePool.create({ threads }), ConfinedStorages.within(roots)]);

type Result = FarmResults[FarmRequest['kind']];

async function handle(request: FarmRequest, { signal }: CallContext): Promise<Response<Result>> {
  const { run } = request;
  const source = await storages.at(run.source);
  const target = run.target === null ? null : await storages.at(run.target);
  const context: FarmContext = { source, target, pool, models, signal, splitPixels };
  const result =
    request.kind === 'file' ? await doFile(run, request.job, context) : await doTile(run, request.job, context);
  return { result, transfer: [] };
}

const receive = serveCalls<FarmRequest, Result>(
  (message, transfer = []) => port.postMessage(message, transfer as ArrayBuffer[]),
  handle,
);
port.on('message', receive);
