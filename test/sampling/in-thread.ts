import { compileCoders } from '#pixrnn/engine/coder-modules.js';
import { JobRunner } from '#pixrnn/engine/job-runner.js';
import type { Coders } from '#pixrnn/engine/pool.js';
import type { PaletteJob, ModelJob } from '#pixrnn/engine/protocol.js';
import type { Model } from '#pixrnn/model/model.js';

/** Returns the engine in the calling thread, where thousands of small jobs need no messages. */
export async function inThread(): Promise<Coders> {
  const runner = await JobRunner.create(await compileCoders());
  const run = (model: Model, makeJob: () => ModelJob): Promise<unknown> =>
    Promise.resolve(runner.run(model, makeJob()));
  const runPlain = (makeJob: () => PaletteJob): Promise<unknown> => Promise.resolve(runner.run(null, makeJob()));
  return { threads: 1, run: run as Coders['run'], runPlain: runPlain as Coders['runPlain'] };
}
