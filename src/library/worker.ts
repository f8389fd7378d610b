import '../node/install.js';
import { parentPort, workerData } from 'node:worker_threads';
import { EnginePool } from '../engine/pool.js';
import { serveCalls } from '../service/serve-calls.js';
import { handleRequest } from './handle-request.js';
import type { BackgroundData, Request, Results } from './protocol.js';

/* The background thread of a `Codec`. */
const port = parentPort;
if (!port) throw new Error('worker.js runs only as the background thread of a Codec');
const { threads } = workerData as BackgroundData;
const pool = await EnginePool.create({ threads });
const receive = serveCalls<Request, Results[Request['kind']]>(
  (message, transfer = []) => port.postMessage(message, transfer as ArrayBuffer[]),
  (request, context) => handleRequest(request, { ...context, pool }),
);
port.on('message', receive);
