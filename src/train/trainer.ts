import * as tf from '@tensorflow/tfjs-core';
import { PixrnnError } from '../errors.js';
import { type Model, createModel, idText } from '../model/model.js';
import type { ModelSpec } from '../model/architectures.js';
import { copyOfValues } from './networks/variables.js';
import { type Checkpoint, saveCheckpoint } from './checkpoint.js';
import type { TrainingImage } from './dataset.js';
import { trainableOf } from './networks.js';
import { learningRate } from './learning-rate.js';
import { Optimizer } from './optimizer.js';
import { Random } from './random.js';
import { RunFolder } from './run-folder.js';
import type { RunSettings } from './settings.js';
import { WeightAverage } from './weight-average.js';

export interface TrainingOptions {
  /** That of `start`, where there is one. */
  readonly spec: ModelSpec;
  readonly settings: RunSettings;
  readonly images: readonly TrainingImage[];
  /** Names of the images that are not among `images`, for the checkpoint. */
  readonly heldOut: readonly string[];
  /** The run's folder: checkpoint, log, curve and model go there. */
  readonly folder: string;
  /** What to go on from. */
  readonly start?: Checkpoint | undefined;
  /** Steps between two checkpoints, log lines and evaluations. */
  readonly every: number;
  /** What the model's notes name as trained with. */
  readonly backend: string;
  /** Bits/dim of a model on held-out images, by the engine; may reject when the signal is aborted. */
  readonly evaluate: (model: Model, signal?: AbortSignal) => Promise<number>;
  readonly onProgress: (progress: TrainingProgress) => void;
  readonly signal?: AbortSignal;
}

export interface TrainingProgress {
  readonly step: number;
  readonly steps: number;
  /** Bits/dim on the crops of the step. */
  readonly bitsPerDim: number;
  readonly imagesPerSecond: number;
  readonly secondsLeft: number;
  /**
   * Where this step evaluated: bits/dim on the crops since the last time, and on the held-out images (null: stopped).
   */
  readonly evaluation?: { readonly train: number; readonly heldOut: number | null };
}

interface Recorded {
  readonly model: Model;
  readonly heldOut: number | null;
}

const WARMUP_STEPS = 200;
const MAX_GRADIENT_NORM = 1;
/** A model that knows nothing has 8; from here no run comes back. */
const MAX_BITS_PER_DIM = 1000;

/**
 * Trains the network of the spec and leaves `checkpoint.safetensors`, `log.ndjson`, `curve.svg` and `model.safetensors`
 * in the run's folder. Stopped by the signal it writes checkpoint and model, does not evaluate, and returns; started
 * from a checkpoint it goes on with the same crops; where nothing is left to do, it writes nothing. Throws `usage` for
 * crops that are too large, `training` where the loss explodes or is no number, before anything of it is saved;
 * `output-failed`.
 */
export async function train(options: TrainingOptions): Promise<Model> {
  const { spec, settings, start, every, signal } = options;
  const { steps, batch, crop, from } = settings;
  const trainable = trainableOf(spec);
  const { largestCrop, lossOfBit } = trainable;
  if (crop > largestCrop) {
    throw new PixrnnError('usage', `the model ${spec.architecture} takes a --crop of at most ${largestCrop}.`);
  }
  const folder = new RunFolder(options.folder);
  await folder.create();
  const random = new Random(start?.random ?? settings.seed);
  const network = trainable.network(spec, start?.weights ?? random);
  const optimizer = new Optimizer(network.variables, trainable.updateRule(settings));
  const batches = trainable.batches({ images: options.images, spec, settings, position: start?.random, random });
  const variables = [...network.variables.values()];
  const average = settings.average > 0 ? new WeightAverage(network.variables, settings.average) : null;
  let seconds = start?.seconds ?? 0;
  let step = start?.step ?? 0;
  /** The step of the checkpoint that is on the disk. */
  let saved = start?.step;
  const isStopped = (): boolean => signal?.aborted === true;

  /** One step; the loss before it in bits/dim. */
  const oneStep = (data: unknown): number => {
    const { value, grads } = tf.variableGrads(() => trainable.loss(network, data), variables);
    const rate = learningRate(step - from, steps - from, settings.rate, WARMUP_STEPS);
    optimizer.step(grads, rate, MAX_GRADIENT_NORM);
    average?.note();
    const loss = value.dataSync()[0] as number;
    tf.dispose(value);
    return loss / lossOfBit;
  };

  const refuseDivergence = (bitsPerDim: number): void => {
    if (bitsPerDim <= MAX_BITS_PER_DIM) return; // false for NaN too
    const kept = saved === undefined ? 'Nothing of this run is saved' : `The checkpoint is that of step ${saved}`;
    throw new PixrnnError(
      'training',
      `training diverged: at step ${step} the loss is ${bitsPerDim.toPrecision(3)} bits/dim. ${kept}. Lower --rate.`,
    );
  };

  /** Those of the model. */
  const modelTensors = (): Promise<Map<string, Float32Array>> =>
    average ? average.lend(() => network.tensors()) : network.tensors();

  /** null where a signal cut it short. */
  const evaluate = async (model: Model): Promise<number | null> => {
    if (isStopped()) return null;
    try {
      return await options.evaluate(model, signal);
    } catch (error) {
      if (isStopped()) return null;
      throw error;
    }
  };

  const notes = (heldOut: number | null): Record<string, string | number> => ({
    steps: step,
    batch,
    crop,
    ...(average ? { average: settings.average } : {}),
    seconds: Math.round(seconds),
    images: options.images.length,
    backend: options.backend,
    ...(heldOut === null ? {} : { heldOutBitsPerDim: heldOut }),
  });

  /** Saves checkpoint and model, and logs the loss of `trained`; `data` is the last step's batch. */
  const record = async (trained: number | null, data: unknown): Promise<Recorded> => {
    const weights = new Map(variables.map((v) => [v.name, copyOfValues(v)] as const));
    if (![...weights.values()].every((values) => values.every(Number.isFinite))) refuseDivergence(NaN);
    // The step's own loss is that of the weights before it.
    if (data !== null)
      refuseDivergence(tf.tidy(() => trainable.loss(network, data).dataSync()[0] as number) / lossOfBit);
    await saveCheckpoint(folder.file('checkpoint'), {
      spec,
      step,
      random: batches.position,
      seconds,
      settings,
      heldOut: options.heldOut,
      weights,
      optimizer: optimizer.state(),
      average: average?.state(),
    });
    // Only now: what an earlier run left can be resumed until there is something in its place.
    if (saved === undefined) await folder.startLog();
    saved = step;
    const tensors = await modelTensors();
    const heldOut = await evaluate(createModel('candidate', spec, tensors));
    const model = createModel('trained', spec, tensors, notes(heldOut));
    await folder.saveModel(model);
    if (trained !== null) await folder.log({ step, seconds: Math.round(seconds), train: trained, heldOut });
    if (trained !== null && heldOut !== null) await folder.drawCurve();
    return { model, heldOut };
  };

  /** The folder's model where it is that of the checkpoint: a run may have been killed between the two. */
  const storedModel = async (): Promise<Model | null> => {
    const stored = start ? await folder.storedModel() : null;
    const { id } = createModel('checkpoint', spec, await modelTensors());
    return stored && idText(stored.id) === idText(id) ? stored : null;
  };

  let sum = 0;
  let counted = 0;
  let data: unknown = null;
  let last: Model | null = null;
  try {
    if (start) optimizer.restore(start.optimizer);
    if (start?.average) average?.restore(start.average);
    while (step < steps && !isStopped()) {
      const begin = performance.now();
      data = await batches.next();
      const bitsPerDim = oneStep(data);
      seconds += (performance.now() - begin) / 1000;
      step++;
      refuseDivergence(bitsPerDim);
      sum += bitsPerDim;
      counted++;
      const rate = (step * batch) / seconds;
      const progress = { step, steps, bitsPerDim, imagesPerSecond: rate, secondsLeft: ((steps - step) * batch) / rate };
      if (step % every === 0 || step === steps) {
        const trained = sum / counted;
        const { model, heldOut } = await record(trained, data);
        last = model;
        options.onProgress({ ...progress, evaluation: { train: trained, heldOut } });
        sum = counted = 0;
      } else options.onProgress(progress);
      // Gives signals and timers a turn: everything above is synchronous.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (counted > 0) return (await record(sum / counted, data)).model;
    return last ?? (await storedModel()) ?? (await record(null, null)).model;
  } finally {
    await batches.close();
    network.dispose();
  }
}
