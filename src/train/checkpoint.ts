import { readFile, rename, writeFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import { PixrnnError } from '../errors.js';
import { type ModelSpec, parseSpec } from '../model/architecture.js';
import { decodeSafetensors, encodeSafetensors } from '../model/safetensors.js';

/** All that a run needs to go on as if it had never stopped. */
export interface Checkpoint {
  readonly spec: ModelSpec;
  /** Steps done. */
  readonly step: number;
  /** State of the generator of crops. */
  readonly random: number;
  /** Seconds spent in steps so far. */
  readonly seconds: number;
  /** Unmasked weights by name. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** The optimizer's own tensors in its order. */
  readonly optimizer: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly values: Float32Array;
  }[];
}

const WEIGHT = 'weight:';
const OPTIMIZER = 'optimizer:';

/** Writes to a temporary name first: a run that is killed leaves the last whole checkpoint. */
export async function saveCheckpoint(path: string, c: Checkpoint): Promise<void> {
  const tensors = new Map<string, { shape: readonly number[]; values: Float32Array }>();
  for (const [name, values] of c.weights) tensors.set(WEIGHT + name, { shape: [values.length], values });
  for (const { name, shape, values } of c.optimizer) tensors.set(OPTIMIZER + name, { shape, values });
  const { spec, step, random, seconds } = c;
  const bytes = encodeSafetensors({
    metadata: { 'pixrnn.run': JSON.stringify({ spec, step, random, seconds }) },
    tensors,
  });
  await writeFile(`${path}.tmp`, bytes);
  await rename(`${path}.tmp`, path);
}

/** Throws `training` where the file is missing or no checkpoint. */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new PixrnnError('training', `there is no checkpoint ${path} to resume. Start without --resume.`, { cause });
  });
  const { metadata, tensors } = decodeSafetensors(bytes);
  const run = JSON.parse(metadata['pixrnn.run'] ?? 'null') as Record<string, unknown> | null;
  if (!run) throw new PixrnnError('training', `${path} is not a checkpoint. Name the run folder of \`pixrnn train\`.`);
  const weights = new Map<string, Float32Array>();
  const optimizer: { name: string; shape: readonly number[]; values: Float32Array }[] = [];
  for (const [name, { shape, values }] of tensors) {
    if (name.startsWith(WEIGHT)) weights.set(name.slice(WEIGHT.length), values);
    else optimizer.push({ name: name.slice(OPTIMIZER.length), shape, values });
  }
  const { step, random, seconds } = run;
  return {
    spec: parseSpec(run.spec),
    step: Number(step),
    random: Number(random),
    seconds: Number(seconds),
    weights,
    optimizer,
  };
}

/** The optimizer's tensors as plain arrays. */
export async function optimizerState(optimizer: tf.Optimizer): Promise<Checkpoint['optimizer']> {
  const named = await optimizer.getWeights();
  return Promise.all(
    named.map(async ({ name, tensor }) => ({
      name,
      shape: tensor.shape,
      values: Float32Array.from(await tensor.data()),
    })),
  );
}

/** Puts a saved state back. */
export async function restoreOptimizer(optimizer: tf.Optimizer, state: Checkpoint['optimizer']): Promise<void> {
  const [iterations, ...rest] = state;
  if (!iterations) return;
  await optimizer.setWeights([
    { name: iterations.name, tensor: tf.scalar(iterations.values[0] as number, 'int32') },
    ...rest.map(({ name, shape, values }) => ({ name, tensor: tf.tensor(values, [...shape]) })),
  ]);
}
