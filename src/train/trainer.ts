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
import { updateRule } from './update-rules.js';
import { WeightAverage } from './weight-average.js';

export interface TrainingOptions {
  /** The spec; equal to that of `start`, if given. */
  readonly spec: ModelSpec;
  readonly settings: RunSettings;
  readonly images: readonly TrainingImage[];
  /** Names of the held-out images, for the checkpoint. */
  readonly heldOut: readonly string[];
  /** Directory of the run: checkpoint, log, curve and model are written there. */
  readonly folder: string;
  /** Checkpoint to resume. */
  readonly start?: Checkpoint | undefined;
  /** Weights that a new run begins with, by name; by default they are drawn. */
  readonly weights?: ReadonlyMap<string, Float32Array> | undefined;
  /** Steps between two checkpoints, log lines and evaluations. */
  readonly every: number;
  /** Name of the backend for the model's notes. */
  readonly backend: string;
  /** Measures bits/dim of a model on held-out images with the engine; may reject when the signal is aborted. */
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
   * Set if this step evaluated: bits/dim on the crops since the last evaluation, and on the held-out images (null: aborted).
   */
  readonly evaluation?: { readonly train: number; readonly heldOut: number | null };
}

interface Recorded {
  readonly model: Model;
  readonly heldOut: number | null;
}

const WARMUP_STEPS = 200;
const MAX_GRADIENT_NORM = 1;
/** Loss at which a run has diverged; an untrained model has 8. */
const MAX_BITS_PER_DIM = 1000;
/** A loss above that is an outlier, not a divergence, if its step was skipped, and at most this many before it. */
const MAX_SKIPPED = 20;

/**
 * Trains the network of the spec and writes `checkpoint.safetensors`, `log.ndjson`, `curve.svg` and `model.safetensors` to
 * the run directory. When the signal is aborted, it writes checkpoint and model without evaluating, and returns. A resumed
 * run continues with the same sequence of crops; if no steps are left, nothing is written. Throws `usage` if crops are too
 * large, `training` if the loss diverges or is not a number, before the diverged state is saved; `output-failed`.
 */
export async function train(options: TrainingOptions): Promise<Model> {
  const { spec, settings, start, every, signal } = options;
  const { steps, batch, crop, from } = settings;
  const trainable = trainableOf(spec);
  const { maxCrop, lossOfBit } = trainable;
  if (crop > maxCrop) {
    throw new PixrnnError(
      'usage',
      `--crop ${crop} is too large for the model ${spec.architecture}. Use at most ${maxCrop}.`,
    );
  }
  const folder = new RunFolder(options.folder);
  await folder.create();
  const random = new Random(start?.random ?? settings.seed);
  const network = trainable.network(spec, start?.weights ?? options.weights ?? random);
  const optimizer = new Optimizer(network.variables, updateRule(settings));
  const batches = trainable.batches({ images: options.images, spec, settings, position: start?.random, random });
  const variables = [...network.variables.values()];
  const average = settings.average > 0 ? new WeightAverage(network.variables, settings.average) : null;
  let seconds = start?.seconds ?? 0;
  let step = start?.step ?? 0;
  /** Where this call began: another machine may have made the steps before. */
  const begun = { step, seconds };
  /** The step of the checkpoint on disk. */
  let saved = start?.step;
  /** Number of steps skipped since the last one that was not. */
  let skipped = 0;
  const isStopped = (): boolean => signal?.aborted === true;

  /** Makes one step; returns the loss before it in bits/dim. */
  const oneStep = (data: unknown): number => {
    const { value, grads } = tf.variableGrads(() => trainable.loss(network, data), variables);
    const rate = learningRate(step - from, steps - from, settings.rate, WARMUP_STEPS);
    skipped = optimizer.step(grads, rate, MAX_GRADIENT_NORM) ? 0 : skipped + 1;
    average?.update();
    const loss = value.dataSync()[0] as number;
    tf.dispose(value);
    return loss / lossOfBit;
  };

  const throwIfDiverged = (bitsPerDim: number): void => {
    if (bitsPerDim <= MAX_BITS_PER_DIM) return; // false for NaN too
    if (Number.isFinite(bitsPerDim) && skipped > 0 && skipped <= MAX_SKIPPED) return;
    const kept = saved === undefined ? 'Nothing was saved' : `The checkpoint is that of step ${saved}`;
    throw new PixrnnError(
      'training',
      `training diverged: at step ${step} the loss is ${bitsPerDim.toPrecision(3)} bits/dim. ${kept}. Lower --rate.`,
    );
  };

  /** Returns the tensors of the model: running means, if the run keeps them, else the weights. */
  const modelTensors = (): Promise<Map<string, Float32Array>> =>
    average ? average.withMeans(() => network.tensors()) : network.tensors();

  /** Evaluates the model; null if aborted. */
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
    optimizer: settings.optimizer,
    momentum: settings.momentum,
    ...(average ? { average: settings.average } : {}),
    seconds: Math.round(seconds),
    images: options.images.length,
    backend: options.backend,
    ...(heldOut === null ? {} : { heldOutBitsPerDim: heldOut }),
  });

  /** Saves checkpoint and model, and logs the loss of `trained`; `data` is the last step's batch. */
  const record = async (trained: number | null, data: unknown): Promise<Recorded> => {
    const weights = new Map(variables.map((v) => [v.name, copyOfValues(v)] as const));
    if (![...weights.values()].every((values) => values.every(Number.isFinite))) throwIfDiverged(NaN);
    // The loss of the last step is that of the weights before it.
    if (data !== null)
      throwIfDiverged(tf.tidy(() => trainable.loss(network, data).dataSync()[0] as number) / lossOfBit);
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
    // Only now, so that an earlier run can be resumed until its checkpoint is replaced.
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

  /** Returns the stored model if it matches the checkpoint: a run may have been killed between writing the two. */
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
      throwIfDiverged(bitsPerDim);
      sum += bitsPerDim;
      counted++;
      const rate = ((step - begun.step) * batch) / (seconds - begun.seconds);
      const progress = { step, steps, bitsPerDim, imagesPerSecond: rate, secondsLeft: ((steps - step) * batch) / rate };
      if (step % every === 0 || step === steps) {
        const trained = sum / counted;
        const { model, heldOut } = await record(trained, data);
        last = model;
        options.onProgress({ ...progress, evaluation: { train: trained, heldOut } });
        sum = counted = 0;
      } else options.onProgress(progress);
      // Lets signal handlers and timers run: everything above is synchronous.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (counted > 0) return (await record(sum / counted, data)).model;
    return last ?? (await storedModel()) ?? (await record(null, null)).model;
  } finally {
    await batches.close();
    network.dispose();
  }
}
