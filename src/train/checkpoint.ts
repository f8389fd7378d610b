import { readFile } from 'node:fs/promises';
import { shellWord } from '../node/path-text.js';
import { PixrnnError } from '../errors.js';
import { type ModelSpec, parseSpec } from '../model/architectures.js';
import { createModel } from '../model/model.js';
import { decodeSafetensors, encodeSafetensors } from '../model/safetensors.js';
import { writeRunFile } from './run-folder.js';
import { NUMBER_SETTINGS, OPTIMIZERS, type RunSettings, type SomeSettings } from './settings.js';

/** The running mean of the weights (`WeightAverage`). */
export interface Average {
  /** Number of steps that it covers. */
  readonly steps: number;
  /** Unmasked weights by name. */
  readonly means: ReadonlyMap<string, Float32Array>;
}

/** The complete state of a run: resuming from it gives the same result as an uninterrupted run. */
export interface Checkpoint {
  readonly spec: ModelSpec;
  /** Steps done. */
  readonly step: number;
  /** Position in the sequence of batches: `BatchSource.position`. */
  readonly random: number;
  /** Seconds spent in steps so far. */
  readonly seconds: number;
  /** Settings of the run; checkpoints of older versions lack some or all of them. */
  readonly settings: SomeSettings;
  /** Names of the held-out images; null in checkpoints of older versions. */
  readonly heldOut: readonly string[] | null;
  /** Unmasked weights by name. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** State of the optimizer, by name (`Optimizer.state`). */
  readonly optimizer: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly values: Float32Array;
  }[];
  /** The running mean of the weights, if the run keeps one. */
  readonly average?: Average | undefined;
}

const WEIGHT = 'weight:';
const OPTIMIZER = 'optimizer:';
const AVERAGE = 'average:';

/** Writes a checkpoint atomically. Throws `output-failed`; an existing file is then kept. */
export async function saveCheckpoint(path: string, c: Checkpoint): Promise<void> {
  const tensors = new Map<string, { shape: readonly number[]; values: Float32Array }>();
  for (const [name, values] of c.weights) tensors.set(WEIGHT + name, { shape: [values.length], values });
  for (const { name, shape, values } of c.optimizer) tensors.set(OPTIMIZER + name, { shape, values });
  for (const [name, values] of c.average?.means ?? []) tensors.set(AVERAGE + name, { shape: [values.length], values });
  const { spec, step, random, seconds, settings, heldOut, average } = c;
  const run = { spec, step, random, seconds, ...settings, heldOut, averaged: average?.steps };
  await writeRunFile(path, encodeSafetensors({ metadata: { 'pixrnn.run': JSON.stringify(run) }, tensors }));
}

/** Reads a checkpoint. Throws `training` if the file is missing or not a checkpoint. */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new PixrnnError(
      'training',
      `${shellWord(path)} cannot be read, so there is no checkpoint to resume. Start without --resume.`,
      { cause },
    );
  });
  try {
    return decodeCheckpoint(bytes);
  } catch (cause) {
    throw new PixrnnError(
      'training',
      `${shellWord(path)} is not a valid checkpoint. Name the run directory of \`pixrnn train\`, or start without --resume.`,
      { cause },
    );
  }
}

function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const { metadata, tensors } = decodeSafetensors(bytes);
  const run = JSON.parse(metadata['pixrnn.run'] ?? '{}') as Record<string, unknown>;
  const weights = new Map<string, Float32Array>();
  const means = new Map<string, Float32Array>();
  const optimizer: { name: string; shape: readonly number[]; values: Float32Array }[] = [];
  for (const [name, { shape, values }] of tensors) {
    if (name.startsWith(WEIGHT)) weights.set(name.slice(WEIGHT.length), values);
    else if (name.startsWith(AVERAGE)) means.set(name.slice(AVERAGE.length), values);
    else optimizer.push({ name: name.slice(OPTIMIZER.length), shape, values });
  }
  // Throws if the weights or their means do not match the spec.
  const { spec } = createModel('checkpoint', parseSpec(run.spec), weights);
  if (means.size > 0) createModel('average', spec, means);
  const number = (field: string): number => {
    const value = run[field];
    if (typeof value !== 'number') throw new TypeError(`no ${field}`);
    return value;
  };
  const settings: { -readonly [K in keyof RunSettings]?: RunSettings[K] } = {};
  for (const name of NUMBER_SETTINGS) if (run[name] !== undefined) settings[name] = number(name);
  const rule = OPTIMIZERS.find((known) => known === run.optimizer);
  if (rule) settings.optimizer = rule; // not stored by older versions
  settings.orientations ??= 8; // not stored by older versions
  const heldOut = isNames(run.heldOut) ? run.heldOut : null;
  const [step, random, seconds] = [number('step'), number('random'), number('seconds')];
  const average = means.size > 0 ? { steps: number('averaged'), means } : undefined;
  return { spec, step, random, seconds, settings, heldOut, weights, optimizer, average };
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}
