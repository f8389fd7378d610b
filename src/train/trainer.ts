import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { PixrnnError } from '../errors.js';
import { type Model, createModel, encodeModel } from '../model/model.js';
import type { ModelSpec } from '../model/architecture.js';
import { PixelCnnNetwork } from '../model/tfjs/pixelcnn.js';
import { type Checkpoint, loadCheckpoint, optimizerState, restoreOptimizer, saveCheckpoint } from './checkpoint.js';
import { type CurvePoint, curveSvg } from './curve.js';
import { type TrainingImage, randomCrop } from './dataset.js';
import { makeBatch, meanNats } from './objective.js';
import { ScheduledRmsProp, learningRate } from './optimizer.js';
import { Random } from './random.js';

export interface TrainingOptions {
  readonly spec: ModelSpec;
  readonly images: readonly TrainingImage[];
  /** The run's folder: checkpoint, log, curve and model go there. */
  readonly folder: string;
  readonly steps: number;
  /** Crops a step. */
  readonly batch: number;
  /** Side of a crop in pixels. */
  readonly crop: number;
  readonly rate: number;
  readonly momentum: number;
  readonly seed: number;
  readonly resume: boolean;
  /** Steps between two checkpoints, log lines and evaluations. */
  readonly every: number;
  /** What the model's notes name as trained with. */
  readonly backend: string;
  /** Bits/dim of a model on held-out images, by the engine. */
  readonly evaluate: (model: Model) => Promise<number>;
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
  /** Where this step evaluated: bits/dim on the crops since the last time, and on the held-out images. */
  readonly evaluation?: { readonly train: number; readonly heldOut: number };
}

const WARMUP_STEPS = 200;
const MAX_GRADIENT_NORM = 1;

/**
 * Trains by RMSProp on random crops and leaves `checkpoint.safetensors`, `log.ndjson`, `curve.svg` and `model.safetensors` in the
 * run's folder. Stopped by the signal it writes a checkpoint and returns; resumed, it goes on with the same crops and with
 * the spec of its checkpoint. Throws `training` where there is nothing to resume, or a model for other images.
 */
export async function train(options: TrainingOptions): Promise<Model> {
  const { folder, steps, batch, crop, every, signal } = options;
  const file = (name: string): string => join(folder, name);
  const start = options.resume ? await loadCheckpoint(file('checkpoint.safetensors')) : undefined;
  const spec = start?.spec ?? options.spec;
  if (spec.channels !== options.spec.channels) {
    throw new PixrnnError(
      'training',
      `${folder} trains a model for ${spec.channels === 1 ? 'gray images: resume it with' : 'RGB images: resume it without'} --gray.`,
    );
  }
  await mkdir(folder, { recursive: true });
  const random = new Random(start?.random ?? options.seed);
  const network = new PixelCnnNetwork(spec, start?.weights ?? { random: () => random.normal() });
  const optimizer = new ScheduledRmsProp(options.momentum);
  await restoreOptimizer(optimizer, start?.optimizer ?? []);
  const variables = [...network.variables.values()];
  let seconds = start?.seconds ?? 0;
  let step = start?.step ?? 0;
  if (!start) await writeFile(file('log.ndjson'), '');

  const oneStep = (): number => {
    const crops = Array.from({ length: batch }, () => randomCrop(options.images, crop, spec.channels, random));
    const data = makeBatch(crops, crop, crop, spec);
    const { value, grads } = tf.variableGrads(() => meanNats(network, data), variables);
    const norm = optimizer.step(grads, learningRate(step, steps, options.rate, WARMUP_STEPS), MAX_GRADIENT_NORM);
    const nats = value.dataSync()[0] as number;
    tf.dispose([value, norm]);
    return nats / Math.LN2;
  };

  const notes = (heldOut: number): Record<string, string | number> => ({
    steps: step,
    batch,
    crop,
    seconds: Math.round(seconds),
    images: options.images.length,
    backend: options.backend,
    heldOutBitsPerDim: heldOut,
  });

  const record = async (trained: number): Promise<{ model: Model; heldOut: number }> => {
    const plain = new Map(variables.map((v) => [v.name, Float32Array.from(v.dataSync())] as const));
    const checkpoint: Checkpoint = {
      spec,
      step,
      random: random.state,
      seconds,
      weights: plain,
      optimizer: await optimizerState(optimizer),
    };
    await saveCheckpoint(file('checkpoint.safetensors'), checkpoint);
    const tensors = await network.tensors();
    const heldOut = await options.evaluate(createModel('candidate', spec, tensors));
    const model = createModel('trained', spec, tensors, notes(heldOut));
    await writeFile(file('model.safetensors'), encodeModel(model));
    const point: CurvePoint = { step, seconds: Math.round(seconds), train: trained, heldOut };
    await appendFile(file('log.ndjson'), `${JSON.stringify(point)}\n`);
    await writeFile(file('curve.svg'), await curveSvg(file('log.ndjson')));
    return { model, heldOut };
  };

  let sum = 0;
  let counted = 0;
  let last: Model | undefined;
  try {
    while (step < steps && !signal?.aborted) {
      const begin = performance.now();
      const bitsPerDim = oneStep();
      seconds += (performance.now() - begin) / 1000;
      step++;
      sum += bitsPerDim;
      counted++;
      const rate = (step * batch) / seconds;
      const progress = { step, steps, bitsPerDim, imagesPerSecond: rate, secondsLeft: ((steps - step) * batch) / rate };
      if (step % every === 0 || step === steps) {
        const trained = sum / counted;
        const { model, heldOut } = await record(trained);
        last = model;
        options.onProgress({ ...progress, evaluation: { train: trained, heldOut } });
        sum = counted = 0;
      } else options.onProgress(progress);
      // Gives signals and timers a turn: everything above is synchronous.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (!last || counted > 0) last = (await record(counted > 0 ? sum / counted : NaN)).model;
    return last;
  } finally {
    network.dispose();
    optimizer.dispose();
  }
}
