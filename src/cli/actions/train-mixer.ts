import { codesDepth } from '../../codec/models.js';
import { PixrnnError } from '../../errors.js';
import { encodeModel, idText, type Model } from '../../model/model.js';
import { printJson } from '../batch.js';
import { leftOutLine } from '../messages.js';
import { modelNamed } from '../model-argument.js';
import { checkTarget, displayTarget, writeTarget } from '../output.js';
import { checkWriting } from '../options.js';
import { standard } from '../streams.js';

interface TrainMixerArguments {
  folder: string;
  model: string;
  output: string;
  images: number;
  force: boolean;
  quiet: boolean;
  json: boolean;
}

/** Smaller images teach the mixer little. */
const MIN_SIDE = 32;

/** `pixrnn train-mixer`. */
export async function runMixerTraining(args: TrainMixerArguments): Promise<void> {
  const { folder, output, images: count, force, quiet, json } = args;
  if (!Number.isInteger(count) || count < 1) throw new PixrnnError('usage', '--images takes a whole number from 1 on.');
  checkWriting([], args);
  const target = { path: output, force, source: null };
  checkTarget(target);
  const model = await modelNamed(args.model);
  requireTrainable(model);
  const [{ loadFolder }, { trainMixerStart }, { spread }] = await Promise.all([
    import('../../train/dataset.js'),
    import('../../train/mixer-start.js'),
    import('../../train/split.js'),
  ]);
  const say = (text: string): void => void (quiet || standard.stderr.write(text));
  const folderImages = await loadFolder(folder, model.spec.channels, MIN_SIDE, (name, why) => {
    standard.stderr.write(leftOutLine(name, why));
  });
  const images = spread(folderImages, count);
  const trained = await trainMixerStart({
    model,
    images,
    onImage: (done, { model: own, mixed }) =>
      say(`image ${done} of ${images.length}: ${own.toFixed(3)} bits/dim by the model, ${mixed.toFixed(3)} mixed\n`),
  });
  await writeTarget(target, encodeModel(trained));
  if (json) printJson({ model: output, id: idText(trained.id), notes: trained.notes });
  say(`${displayTarget(output)}: model ${idText(trained.id)}\n`);
}

/** Throws `usage` for a model whose mixer cannot be trained on images of a folder. */
function requireTrainable({ name, spec }: Model): void {
  if (spec.architecture === 'multi-scale') {
    throw new PixrnnError(
      'usage',
      `the model ${name} has networks of several scales, whose mixers start from nothing. Use another model.`,
    );
  }
  if (!codesDepth({ spec }, 8)) {
    throw new PixrnnError(
      'usage',
      `the model ${name} does not code samples of 8 bits, which the images have. Use another model.`,
    );
  }
}
