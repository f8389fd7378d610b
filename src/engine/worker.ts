import { parentPort, workerData } from 'node:worker_threads';
import { PixrnnError } from '../errors.js';
import type { Model } from '../model/model.js';
import { JobRunner } from './job-runner.js';
import type { CoderModules, FromWorker, Job, JobResult, ToWorker } from './protocol.js';

/* A worker thread of the pool. */
const port = parentPort;
if (!port) throw new Error('this file is a worker thread of EnginePool');
const runner = await JobRunner.create(workerData as CoderModules);
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
  const { key, job, cancelled } = message;
  const onRows = (rows: number): void => {
    if (Atomics.load(cancelled, 0) !== 0) throw new Error('cancelled');
    send({ type: 'rows', rows });
  };
  try {
    const result = runner.run(key === null ? null : (models.get(key) ?? null), job, onRows);
    send({ type: 'done', result }, movedBuffers(result));
  } catch (error) {
    const code = error instanceof PixrnnError ? error.code : null;
    send({ type: 'failed', message: error instanceof Error ? error.message : String(error), code });
  }
});

/** Payloads, samples and the bits of pixels are the pool's from here on; copying them would take twice their memory. */
function movedBuffers(result: JobResult[Job['kind']]): ArrayBuffer[] {
  if (result === null) return [];
  const owned = ArrayBuffer.isView(result) ? result : 'payload' in result ? result.payload : result.pixelBits;
  return owned ? [owned.buffer as ArrayBuffer] : [];
}
