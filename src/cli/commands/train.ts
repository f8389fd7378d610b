import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { measureRaster } from '../../codec/measure.js';
import { EnginePool } from '../../engine/pool.js';
import { PixrnnError } from '../../errors.js';
import { type ModelSpec, parseSpec } from '../../model/architecture.js';
import { type Model, idText } from '../../model/model.js';
import type { TrainingImage } from '../../train/dataset.js';
import { printJson, ReportedFailure } from '../batch.js';
import { displayName } from '../messages.js';
import { SIGNAL_EXIT } from '../exit-codes.js';
import { stopGracefully } from '../signals.js';
import { startTrainingProgress } from '../training-progress.js';

interface TrainArguments {
  folder: string;
  out: string;
  gray: boolean;
  hidden: number;
  blocks: number;
  head: number;
  frame: string;
  steps: number;
  batch: number;
  crop: number;
  rate: number;
  momentum: number;
  seed: number;
  every: number;
  'held-out': number;
  resume: boolean;
  force: boolean;
  backend: 'native' | 'wasm' | undefined;
  quiet: boolean;
  json: boolean;
}

export const trainCommand: CommandModule<object, TrainArguments> = {
  command: 'train <folder>',
  describe: 'Train a PixelCNN on a folder of images',
  builder: (yargs) =>
    yargs
      .positional('folder', { describe: 'Folder of images', type: 'string', demandOption: true })
      .options({
        out: { describe: 'Folder of the run: checkpoint, log, curve, model', type: 'string', default: 'runs/pixelcnn' },
        gray: { describe: 'A model for gray images', type: 'boolean', default: false },
        hidden: {
          describe: 'h: features in a residual block; twice as many between them',
          type: 'number',
          default: 36,
        },
        blocks: { describe: 'Residual blocks', type: 'number', default: 5 },
        head: { describe: 'Features between the last two 1x1 layers', type: 'number', default: 72 },
        frame: {
          describe: 'See the image relative to a local base value, or as it is (the paper)',
          choices: ['local', 'absolute'],
          default: 'local',
        },
        steps: { describe: 'Steps in all, those before --resume included', type: 'number', default: 7000 },
        batch: { describe: 'Crops a step; the paper has 16, 32 and 64', type: 'number', default: 16 },
        crop: { describe: 'Side of a crop in pixels', type: 'number', default: 48 },
        rate: { describe: 'Highest learning rate', type: 'number', default: 0.002 },
        momentum: { describe: 'Momentum of RMSProp', type: 'number', default: 0.9 },
        seed: { describe: 'Seed of weights and crops', type: 'number', default: 1 },
        every: { describe: 'Steps between checkpoints', type: 'number', default: 500 },
        'held-out': { describe: 'Every n-th image is kept out of training to measure on', type: 'number', default: 50 },
        resume: { describe: "Go on from the run's checkpoint", type: 'boolean', default: false },
        force: { describe: 'Start again in the folder of an earlier run', type: 'boolean', default: false },
        backend: { describe: 'Insist on a tfjs backend', choices: ['native', 'wasm'] as const },
        quiet: { alias: 'q', describe: 'Print nothing but errors', type: 'boolean', default: false },
        json: { describe: 'Print the result as JSON to standard output', type: 'boolean', default: false },
      })
      .example('$0 train photos/ --out runs/photos', 'Train on all images of photos/')
      .example('$0 train photos/ --out runs/photos --resume', 'Go on with it'),
  handler: runTraining,
};

async function runTraining(args: TrainArguments): Promise<void> {
  const { gray, steps, batch, crop, every, quiet } = args;
  for (const [name, least] of [
    ['steps', 1],
    ['batch', 1],
    ['crop', 8],
    ['every', 1],
    ['held-out', 2],
  ] as const) {
    const value = args[name];
    if (!Number.isInteger(value) || value < least) {
      throw new PixrnnError('usage', `--${name} takes a whole number from ${least} on.`);
    }
  }
  if (!(args.rate > 0 && args.rate < Infinity)) throw new PixrnnError('usage', '--rate takes a number above 0.');
  if (!(args.momentum >= 0 && args.momentum < 1)) {
    throw new PixrnnError('usage', '--momentum takes a number from 0 up to 1, 1 itself excluded.');
  }
  if (!Number.isSafeInteger(args.seed)) throw new PixrnnError('usage', '--seed takes a whole number.');
  const channels = gray ? 1 : 3;
  const spec = specOf(args, channels);
  if (!args.resume && !args.force && existsSync(join(args.out, 'checkpoint.safetensors'))) {
    throw new PixrnnError(
      'output-exists',
      `${args.out} holds the checkpoint of a run. Go on with it by --resume, start again with --force, or name another --out.`,
    );
  }

  // tfjs is heavy and only training needs it.
  const [{ chooseBackend }, { loadFolder }, { train }] = await Promise.all([
    import('../../train/backend.js'),
    import('../../train/dataset.js'),
    import('../../train/trainer.js'),
  ]);
  const backend = await chooseBackend(args.backend);
  const say = (line: string): void => void (quiet || process.stderr.write(`${line}\n`));
  say(backend.remark);
  const images = await loadFolder(args.folder, channels, crop, (name, why) => {
    process.stderr.write(`pixrnn: ${displayName(name)}: left out, it ${why}.\n`);
  });
  const isHeldOut = (index: number): boolean => index % args['held-out'] === args['held-out'] - 1;
  const heldOut = images.filter((_, i) => isHeldOut(i));
  const training = images.filter((_, i) => !isHeldOut(i));
  if (heldOut.length === 0) {
    throw new PixrnnError(
      'training',
      `there are only ${images.length} images: none is left to measure on. Lower --held-out.`,
    );
  }
  say(`${training.length} images to train on, ${heldOut.length} held out`);

  const interrupt = new AbortController();
  const release = stopGracefully(() => {
    say('stopping: writing the checkpoint');
    interrupt.abort();
  });
  const pool = await EnginePool.create({});
  const progress = startTrainingProgress(quiet);
  try {
    const model = await train({
      spec,
      images: training,
      folder: args.out,
      steps,
      batch,
      crop,
      rate: args.rate,
      momentum: args.momentum,
      seed: args.seed,
      resume: args.resume,
      every,
      backend: backend.name,
      evaluate: (candidate) => bitsPerDim(candidate, heldOut, channels, pool),
      onProgress: progress.update,
      signal: interrupt.signal,
    });
    progress.stop();
    const path = join(args.out, 'model.safetensors');
    if (args.json) printJson({ model: path, id: idText(model.id), notes: model.notes });
    say(`${path}: model ${idText(model.id)}, use it with \`pixrnn compress --model ${path}\``);
  } finally {
    progress.stop();
    release();
    await pool.close();
  }
  if (interrupt.signal.aborted) throw new ReportedFailure(SIGNAL_EXIT.SIGINT);
}

/** The spec of the options. Throws `usage` where it is none. */
function specOf({ hidden, blocks, head, frame }: TrainArguments, channels: 1 | 3): ModelSpec {
  try {
    return parseSpec({ architecture: 'pixelcnn', channels, hidden, blocks, head, frame });
  } catch (cause) {
    if (cause instanceof PixrnnError)
      throw new PixrnnError('usage', `${cause.message} See --hidden, --blocks, --head.`);
    throw cause;
  }
}

/** What the engine makes of the held-out images: bits over all their sub-pixels. */
async function bitsPerDim(model: Model, images: readonly TrainingImage[], channels: 1 | 3, pool: EnginePool) {
  let bits = 0;
  let dims = 0;
  for (const { width, height, samples } of images) {
    const perChannel = await measureRaster({ width, height, channels, samples }, { model, pool });
    bits += perChannel.reduce((sum, b) => sum + b, 0);
    dims += samples.length;
  }
  return bits / dims;
}
