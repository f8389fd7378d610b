import '../node/install.js';
import { parentPort, workerData } from 'node:worker_threads';
import { EnginePool } from '../engine/pool.js';
import type { Model } from '../model/model.js';
import { failureOf } from './failure.js';
import type { BackgroundData, FromBackground, Request, ToBackground } from './protocol.js';
import { handleRequest, type RequestContext } from './handle-request.js';

/* The background thread of a `Codec`. */
const port = parentPort;
if (!port) throw new Error('worker.js runs only as the background thread of a Codec');
const { threads } = workerData as BackgroundData;
const pool = await EnginePool.create({ threads });
const models = new Map<number, Model>();
const running = new Map<number, AbortController>();
const send = (message: FromBackground, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

port.on('message', (message: ToBackground) => {
  switch (message.type) {
    case 'model':
      return void models.set(message.key, message.model);
    case 'forget':
      return void models.delete(message.key);
    case 'abort':
      return running.get(message.id)?.abort();
    case 'call':
      return void call(message.id, message.request);
  }
});

async function call(id: number, request: Request): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  // Resolve the models now: a 'forget' message may remove them before the call reads its input.
  const given = request.models.map((model) => (typeof model === 'string' ? model : (models.get(model) as Model)));
  const context: RequestContext = {
    pool,
    models: given,
    onProgress: (done, total) => send({ type: 'progress', id, done, total }),
    signal: controller.signal,
  };
  try {
    const { result, transfer } = await handleRequest(request, context);
    send({ type: 'done', id, result }, transfer);
  } catch (error) {
    send({ type: 'failed', id, failure: failureOf(error) });
  } finally {
    running.delete(id);
  }
}
