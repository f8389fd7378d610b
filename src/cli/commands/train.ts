import { existsSync } from 'node:fs';
import type { CommandModule } from 'yargs';
import { EnginePool } from '../../engine/pool.js';
import { PixrnnError } from '../../errors.js';
import { idText } from '../../model/model.js';
import { RunFolder, checkRunFolder } from '../../train/run-folder.js';
import { DEFAULT_SETTINGS, checkResumedSpec, settingsOf } from '../../train/settings.js';
import { chooseHeldOut, splitImages } from '../../train/split.js';
import { printJson, ReportedFailure } from '../batch.js';
import { measureHeldOut } from '../held-out.js';
import { leftOutLine } from '../messages.js';
import { stopGracefully } from '../signals.js';
import {
  TRAIN_OPTIONS,
  type TrainArguments,
  checkTrainArguments,
  givenSettings,
  givenSpec,
  heldOutInterval,
  newSpec,
  runFolder,
} from '../training-options.js';
import { startTrainingProgress } from '../training-progress.js';

export const trainCommand: CommandModule<object, TrainArguments> = {
  command: 'train <folder>',
  describe: 'Train a model on a folder of images',
  builder: (yargs) =>
    yargs
      .positional('folder', { describe: 'Folder of images', type: 'string', demandOption: true })
      .options(TRAIN_OPTIONS)
      .example('$0 train photos/ --out runs/photos', 'Train on all images of photos/')
      .example('$0 train photos/ --out runs/photos --resume', 'Go on with it'),
  handler: runTraining,
};

async function runTraining(args: TrainArguments): Promise<void> {
  const { quiet } = args;
  checkTrainArguments(args);
  const out = runFolder(args);
  const fresh = args.resume ? undefined : newSpec(givenSpec(args));
  await checkRunFolder(out);
  const folder = new RunFolder(out);
  if (fresh && !args.force && existsSync(folder.file('checkpoint'))) {
    throw new PixrnnError(
      'output-exists',
      `${out} holds the checkpoint of a run. Go on with it by --resume, start again with --force, or name another --out.`,
    );
  }

  // tfjs is heavy and only training needs it.
  const [{ chooseBackend }, { loadCheckpoint }, { loadFolder }, { train }] = await Promise.all([
    import('../../train/backend.js'),
    import('../../train/checkpoint.js'),
    import('../../train/dataset.js'),
    import('../../train/trainer.js'),
  ]);
  const start = fresh ? undefined : await loadCheckpoint(folder.file('checkpoint'));
  if (start) checkResumedSpec(out, givenSpec(args), start.spec);
  const spec = start?.spec ?? newSpec(givenSpec(args));
  const settings = settingsOf(givenSettings(args), DEFAULT_SETTINGS[spec.architecture], start);

  const backend = await chooseBackend(args.backend);
  const say = (line: string): void => void (quiet || process.stderr.write(`${line}\n`));
  say(backend.remark);
  const images = await loadFolder(args.folder, spec.channels, settings.crop, (name, why) => {
    process.stderr.write(leftOutLine(name, why));
  });
  const heldOutNames = start?.heldOut ?? chooseHeldOut(images, heldOutInterval(args));
  const { training, heldOut, missing } = splitImages(images, heldOutNames);
  if (start?.heldOut && args['held-out'] !== undefined) {
    say('the images held out are those that the run began with, whatever --held-out says');
  }
  if (missing.length > 0) say(`${missing.length} of the images that the run holds out are not there`);
  say(`${training.length} images to train on, ${heldOut.length} held out`);

  const interrupt = new AbortController();
  let stoppedBy: number | undefined;
  const release = stopGracefully((exitCode) => {
    say('stopping: writing the checkpoint');
    stoppedBy = exitCode;
    interrupt.abort();
  });
  const pool = await EnginePool.create({});
  const progress = startTrainingProgress(quiet);
  try {
    const model = await train({
      spec,
      settings,
      images: training,
      heldOut: heldOutNames,
      folder: out,
      start,
      every: args.every,
      backend: backend.name,
      evaluate: (candidate, signal) => measureHeldOut(candidate, heldOut, pool, signal),
      onProgress: progress.update,
      signal: interrupt.signal,
    });
    progress.stop();
    const path = folder.file('model');
    if (args.json) printJson({ model: path, id: idText(model.id), notes: model.notes });
    say(`${path}: model ${idText(model.id)}, use it with \`pixrnn compress --model ${path}\``);
  } finally {
    progress.stop();
    release();
    await pool.close();
  }
  if (stoppedBy !== undefined) throw new ReportedFailure(stoppedBy);
}
