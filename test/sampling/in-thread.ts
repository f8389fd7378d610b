import { compileColourCoder } from '#pixrnn/engine/colour-coder.js';
import { compileEngine } from '#pixrnn/engine/engine.js';
import { JobRunner } from '#pixrnn/engine/job-runner.js';
import type { Coders } from '#pixrnn/engine/pool.js';
import type { ColourJob, ModelJob } from '#pixrnn/engine/protocol.js';
import type { Model } from '#pixrnn/model/model.js';

/** The engine in the calling thread: thousands of small jobs take no messages then. */
export async function inThread(): Promise<Coders> {
  const runner = await JobRunner.create({ engine: await compileEngine(), colourCoder: await compileColourCoder() });
  const run = (model: Model, makeJob: () => ModelJob): Promise<unknown> =>
    Promise.resolve(runner.run(model, makeJob()));
  const runColours = (makeJob: () => ColourJob): Promise<unknown> => Promise.resolve(runner.run(null, makeJob()));
  return { threads: 1, run: run as Coders['run'], runColours: runColours as Coders['runColours'] };
}
