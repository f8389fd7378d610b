import type { CommandModule } from 'yargs';
import { PixrnnError } from '../../errors.js';
import { type Model, encodeModel, idText, loadModel } from '../../model/model.js';
import { printJson } from '../batch.js';
import { displayName } from '../messages.js';
import { checkTarget, writeTarget } from '../output.js';
import { printing } from '../options.js';

interface TrainMixerArguments {
  folder: string;
  model: string;
  output: string;
  images: number;
  force: boolean;
  quiet: boolean;
  json: boolean;
}

/** As many 256x256 crops as the shipped models' mixers began with. */
const DEFAULT_IMAGES = 40;

export const trainMixerCommand: CommandModule<object, TrainMixerArguments> = {
  command: 'train-mixer <folder>',
  describe: "Train the start state of a model's mixer on some images",
  builder: (yargs) =>
    yargs
      .positional('folder', { describe: 'Folder of images', type: 'string', demandOption: true })
      .options({
        model: { describe: 'The model, as `train` wrote it', type: 'string', requiresArg: true, demandOption: true },
        output: {
          alias: 'o',
          describe: 'Where the model with its mixer goes',
          type: 'string',
          requiresArg: true,
          demandOption: true,
        },
        images: { describe: 'How many images to take', type: 'number', requiresArg: true, default: DEFAULT_IMAGES },
        force: { describe: 'Replace the output', type: 'boolean', default: false },
        ...printing,
      })
      .example(
        '$0 train-mixer photos/ --model runs/photo/model.safetensors -o photo.safetensors',
        'The last step of training',
      ),
  handler: runMixerTraining,
};

async function runMixerTraining(args: TrainMixerArguments): Promise<void> {
  const { folder, output, images: count, force, quiet, json } = args;
  if (!Number.isInteger(count) || count < 1) throw new PixrnnError('usage', '--images takes a whole number from 1 on.');
  const target = { path: output, force, source: null };
  checkTarget(target);
  const model = await loadModel(args.model);
  const [{ loadFolder }, { spread, trainMixerStart }] = await Promise.all([
    import('../../train/dataset.js'),
    import('../../train/mixer-start.js'),
  ]);
  const note = (text: string): void => void (quiet || process.stderr.write(text));
  const skipped = (name: string, why: string): void => note(`${displayName(name)} ${why}: left out\n`);
  const images = spread(await loadFolder(folder, model.spec.channels, 32, skipped), count);
  const trained = await trainMixerStart({
    model,
    images,
    onImage: (done, { model: own, mixed }) =>
      note(`image ${done} of ${images.length}: ${own.toFixed(3)} bits/dim by the model, ${mixed.toFixed(3)} mixed\n`),
  });
  await writeTarget(target, encodeModel(trained));
  report(trained, output, json, quiet);
}

function report(model: Model, output: string, json: boolean, quiet: boolean): void {
  if (json) printJson({ model: output, id: idText(model.id), notes: model.notes });
  else if (!quiet) process.stdout.write(`${output}: model ${idText(model.id)}\n`);
}
