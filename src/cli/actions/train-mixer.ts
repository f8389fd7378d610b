import { codesDepth } from '../../codec/models.js';
import { PixrnnError } from '../../errors.js';
import { encodeModel, idText, type Model } from '../../model/model.js';
import { printJson } from '../batch.js';
import { skippedLine } from '../messages.js';
import { modelNamed } from '../model-argument.js';
import { checkTarget, displayTarget, writeTarget } from '../output.js';
import { checkWriting } from '../options.js';
import { standard } from '../streams.js';

interface TrainMixerArguments {
  directory: string;
  model: string;
  output: string;
  images: number;
  force: boolean;
  quiet: boolean;
  json: boolean;
}

/** Minimum width and height: smaller images train the mixer poorly. */
const MIN_SIDE = 32;

/** `pixrnn train-mixer`. */
export async function runMixerTraining(args: TrainMixerArguments): Promise<void> {
  const { directory, output, images: count, force, quiet, json } = args;
  if (!Number.isInteger(count) || count < 1) throw new PixrnnError('usage', '--images must be an integer >= 1.');
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
  const allImages = await loadFolder(directory, model.spec.channels, MIN_SIDE, (name, why) => {
    standard.stderr.write(skippedLine(name, why));
  });
  const images = spread(allImages, count);
  const trained = await trainMixerStart({
    model,
    images,
    onImage: (done, { model: own, mixed }) =>
      say(
        `image ${done} of ${images.length}: ${own.toFixed(3)} bits/dim without the mixer, ${mixed.toFixed(3)} with it\n`,
      ),
  });
  await writeTarget(target, encodeModel(trained));
  if (json) printJson({ model: output, id: idText(trained.id), notes: trained.notes });
  say(`${displayTarget(output)}: model ${idText(trained.id)}\n`);
}

/** @throws PixrnnError 'usage' if the mixer of a model cannot be trained on a directory of images */
function requireTrainable({ name, spec }: Model): void {
  if (spec.architecture === 'multi-scale') {
    throw new PixrnnError(
      'usage',
      `the model ${name} is multi-scale, and its mixers have no start state. Use another model.`,
    );
  }
  if (!codesDepth({ spec }, 8)) {
    throw new PixrnnError('usage', `the model ${name} does not support 8-bit images. Use another model.`);
  }
}
