import { existsSync } from 'node:fs';
import { shellWord } from '../../node/path-text.js';
import { formatNumber } from '../messages.js';
import { EnginePool } from '../../engine/pool.js';
import { PixrnnError } from '../../errors.js';
import { idText } from '../../model/model.js';
import type { ModelSpec } from '../../model/architectures.js';
import type { PixelRnnSpec } from '../../model/pixelrnn/spec.js';
import { type Checkpoint, loadCheckpoint } from '../../train/checkpoint.js';
import { grown } from '../../train/grow.js';
import { changedPhoto } from '../../train/grow-photo.js';
import { RunFolder, checkRunFolder } from '../../train/run-folder.js';
import { checkResumedSpec, settingsOf } from '../../train/settings.js';
import { loadTraining } from '../../train/tensorflow.js';
import { withLearning } from '../../train/without-learning.js';
import { printJson, ReportedFailure } from '../batch.js';
import { measureHeldOut } from '../held-out.js';
import { modelNamed } from '../model-argument.js';
import { checkFolder } from '../output.js';
import { stopGracefully } from '../signals.js';
import { checkImages, defaultSettings, loadImages, withDatasetChannels } from '../training-images.js';
import {
  type TrainArguments,
  checkTrainArguments,
  givenSettings,
  givenSpec,
  newSpec,
  resumedSpec,
  runFolder,
  startedSpec,
} from '../training-arguments.js';
import { startTrainingProgress } from '../training-progress.js';
import { standard } from '../streams.js';

/** `pixrnn train`. */
export async function runTraining(given: TrainArguments): Promise<void> {
  checkTrainArguments(given);
  const args = withDatasetChannels(given);
  const { quiet } = args;
  const first = args.start === undefined ? undefined : withLearning(await modelNamed(args.start));
  const out = runFolder(args, first);
  const fresh = args.resume ? undefined : first ? startedSpec(first, args) : newSpec(givenSpec(args));
  await checkRunFolder(out);
  checkFolder(out);
  const folder = new RunFolder(out);
  if (fresh && !args.force && existsSync(folder.file('checkpoint'))) {
    throw new PixrnnError(
      'output-exists',
      `${out} contains the checkpoint of a run. Use --resume to continue it, --force to start again, or another --out.`,
    );
  }

  const { chooseBackend, train } = await loadTraining();
  const stored = fresh ? undefined : await loadCheckpoint(folder.file('checkpoint'));
  if (stored) checkResumedSpec(out, givenSpec(args), stored.spec);
  const spec = stored ? resumedSpec(stored.spec, args) : (fresh as ModelSpec);
  const start = stored && spec !== stored.spec ? changed(stored, spec) : stored;
  const settings = settingsOf(givenSettings(args), defaultSettings(args, spec), start);
  checkImages(args, spec, settings);

  const backend = await chooseBackend(args.backend);
  const say = (line: string): void => void (quiet || standard.stderr.write(`${line}\n`));
  say(backend.remark);
  if (start !== stored) say('the network is changed; what is new contributes nothing at first');
  const { training, heldOut, heldOutNames, missing } = await loadImages(args, spec, settings.crop, start?.heldOut, say);
  if (missing.length > 0) say(`${formatNumber(missing.length, 'held-out image')} not found`);
  say(`${formatNumber(training.length, 'image')} to train on, ${heldOut.length} held out`);

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
      weights: first?.tensors,
      every: args.every,
      backend: backend.name,
      evaluate: (candidate, signal) => measureHeldOut(candidate, heldOut, pool, signal),
      onProgress: progress.update,
      signal: interrupt.signal,
    });
    progress.stop();
    const path = folder.file('model');
    if (args.json) printJson({ model: path, id: idText(model.id), notes: model.notes });
    say(`${shellWord(path)}: model ${idText(model.id)}. Use it with \`pixrnn compress --model ${shellWord(path)}\``);
  } finally {
    progress.stop();
    release();
    await pool.close();
  }
  if (stoppedBy !== undefined) throw new ReportedFailure(stoppedBy);
}

function changed(start: Checkpoint, spec: ModelSpec): Checkpoint {
  return spec.architecture === 'photo' ? changedPhoto(start, spec) : grown(start, spec as PixelRnnSpec);
}
