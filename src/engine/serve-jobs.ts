import type { JpegImage } from '../jpeg/coefficients.js';
import { PixrnnError } from '../errors.js';
import type { FoundCoefficients } from '../origin/dct/find-coefficients.js';
import type { Model } from '../model/model.js';
import { isCancelled } from './cancellation.js';
import type { SamplesDone } from './engine.js';
import { JobRunner } from './job-runner.js';
import { coefficientBuffers, type FromWorker, type Job, type JobResult, type ToWorker } from './protocol.js';

/**
 * Runs the jobs of a worker, one after the other.
 * @param send posts a message to the pool and transfers the buffers
 * @returns the handler of the pool's messages
 */
export function serveJobs(
  send: (message: FromWorker, transfer: readonly ArrayBuffer[]) => void,
): (message: ToWorker) => void {
  const models = new Map<number, Model>();
  let runner: Promise<JobRunner> | null = null;

  const run = async ({ key, job, cancelled }: Extract<ToWorker, { type: 'job' }>): Promise<void> => {
    const onRows = (rows: number): void => {
      if (isCancelled(cancelled)) throw new Error('cancelled');
      send({ type: 'rows', rows }, []);
    };
    try {
      if (!runner) throw new Error('a job arrived before the compiled engine');
      const model = key === null ? null : (models.get(key) ?? null); // the pool may drop the model while the engine starts
      const onSamples: SamplesDone = (row, samples) => send({ type: 'samples', row, samples }, []);
      const result = await (await runner).run(model, job, onRows, onSamples);
      send({ type: 'done', result }, movedBuffers(result));
    } catch (error) {
      const code = error instanceof PixrnnError ? error.code : null;
      send({ type: 'failed', message: error instanceof Error ? error.message : String(error), code }, []);
    }
  };

  return (message) => {
    switch (message.type) {
      case 'start':
        runner = JobRunner.create(message.modules);
        return;
      case 'model':
        return void models.set(message.key, message.model);
      case 'forget':
        return void models.delete(message.key);
      case 'job':
        return void run(message);
    }
  };
}

/**
 * Returns the buffers to transfer to the pool: payloads, samples, and bits of pixels and blocks. Copying them would double their
 * memory.
 */
function movedBuffers(result: JobResult[Job['kind']]): ArrayBuffer[] {
  if (result === null) return [];
  if (ArrayBuffer.isView(result)) return [result.buffer as ArrayBuffer];
  if ('components' in result) return coefficientBuffers(result);
  if ('place' in result) {
    const { image, exceptions } = result;
    return [...coefficientBuffers(image), ...(exceptions ? [exceptions.buffer as ArrayBuffer] : [])];
  }
  return ownedArrays(result).map(({ buffer }) => buffer as ArrayBuffer);
}

function ownedArrays(
  result: Exclude<JobResult[Job['kind']], JpegImage | FoundCoefficients | ArrayBufferView | null>,
): ArrayBufferView[] {
  if ('planes' in result) {
    const { planes, exceptions } = result;
    return [planes.luma, ...planes.chroma, ...(exceptions ? [exceptions] : [])];
  }
  if ('blockBits' in result) return [result.payload, ...(result.blockBits ?? [])];
  const owned = 'payload' in result ? result.payload : result.pixelBits;
  return owned ? [owned] : [];
}
