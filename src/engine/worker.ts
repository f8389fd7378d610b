import { parentPort, workerData } from 'node:worker_threads';
import { PixrnnError } from '../errors.js';
import type { Model } from '../model/model.js';
import { Engine } from './engine.js';
import type { FromWorker, Job, JobResult, ToWorker } from './protocol.js';

/*
 * A worker thread of the pool. It encodes with one engine instance and decodes with another, so that whatever is decoded to
 * verify it never meets the state that wrote it.
 */
const port = parentPort;
if (!port) throw new Error('this file is a worker thread of EnginePool');
const { module } = workerData as { module: WebAssembly.Module };
const coder = await Engine.create(module);
const decoder = await Engine.create(module);
const models = new Map<number, Model>();
const send = (message: FromWorker, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

port.on('message', (message: ToWorker) => {
  if (message.type === 'model') {
    models.set(message.key, message.model);
    return;
  }
  if (message.type === 'forget') {
    models.delete(message.key);
    return;
  }
  const model = models.get(message.key);
  if (!model) throw new Error('a job came before its model');
  try {
    const result = work(model, message.job, message.cancelled);
    const owned = result instanceof Uint8Array ? result : 'payload' in result ? result.payload : null;
    send({ type: 'done', result }, owned ? [owned.buffer as ArrayBuffer] : []);
  } catch (error) {
    const code = error instanceof PixrnnError ? error.code : null;
    send({ type: 'failed', message: error instanceof Error ? error.message : String(error), code });
  }
});

function work(model: Model, job: Job, cancelled: Int32Array): JobResult[Job['kind']] {
  const onRows = (rows: number): void => {
    if (Atomics.load(cancelled, 0) !== 0) throw new Error('cancelled');
    send({ type: 'rows', rows });
  };
  const { effort } = job;
  switch (job.kind) {
    case 'encode':
      return coder.encode(model, job.tile, { effort, onRows });
    case 'measure':
      return coder.measure(model, job.tile, { effort, onRows });
    case 'decode':
      return decoder.decode(model, job.payload, job.width, job.height, { effort, onRows });
  }
}
