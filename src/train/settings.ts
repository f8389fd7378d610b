import { shellWord } from '../node/path-text.js';
import { PixrnnError } from '../errors.js';
import type { ModelSpec } from '../model/architectures.js';
import { optionsOf, type SpecOption, type SpecOptions } from './spec-options.js';

/** Update rules (`updateRule`). */
export const OPTIMIZERS = ['rmsprop', 'adamw', 'muon'] as const;

/** Settings of a run. Checkpoints store them, so that `--resume` alone continues with the same settings. */
export interface RunSettings {
  /** Total number of steps, including those before a resumption. */
  readonly steps: number;
  /** Crops per step. */
  readonly batch: number;
  /** Side of a crop in pixels. */
  readonly crop: number;
  /** Peak learning rate. */
  readonly rate: number;
  readonly optimizer: (typeof OPTIMIZERS)[number];
  /** Momentum of RMSProp; the decay of the gradient's running mean of AdamW (beta 1) and Muon. */
  readonly momentum: number;
  /** Decay of the running mean of the weights, which the model gets instead of the last weights; 0: no running mean. */
  readonly average: number;
  /** Seed of the initial weights and of the crops. */
  readonly seed: number;
  /** Number of orientations of `orientedPiece` that crops may have, starting with the first: 1, 2, 4 or 8. */
  readonly orientations: number;
  /** The step at which the learning rate schedule starts: 0, or the step at which it was restarted. */
  readonly from: number;
}

const PIXEL_RNN: RunSettings = {
  steps: 7000,
  batch: 16,
  crop: 48,
  rate: 0.0005,
  optimizer: 'rmsprop',
  momentum: 0.9,
  average: 0,
  seed: 1,
  orientations: 8,
  from: 0,
};

/** Default settings of new runs, by architecture. */
export const DEFAULT_SETTINGS: Readonly<Record<ModelSpec['architecture'], RunSettings>> = {
  pixelcnn: PIXEL_RNN,
  'row-lstm': PIXEL_RNN,
  'diagonal-bilstm': PIXEL_RNN,
  'multi-scale': PIXEL_RNN,
  photo: { ...PIXEL_RNN, steps: 10_000, batch: 8, crop: 64, rate: 0.002, optimizer: 'adamw' },
};

/** Some of the settings; undefined means "not given". */
export type SomeSettings = { readonly [K in keyof RunSettings]?: RunSettings[K] | undefined };

/** The settings that are numbers. */
export const NUMBER_SETTINGS = [
  'steps',
  'batch',
  'crop',
  'rate',
  'momentum',
  'average',
  'seed',
  'orientations',
  'from',
] as const;

/**
 * Returns the settings of a run: those given, else those stored in the checkpoint `start` (none in older versions), else the
 * defaults. If a different rate is given, or a finished run gets more steps, the learning rate schedule restarts at the
 * current step, with warm-up and decay. An interrupted run continues its schedule, stretched to its number of steps. Throws
 * `usage` if another seed is given, since the sequence of batches continues from the checkpoint, or another optimizer.
 */
export function settingsOf(
  given: SomeSettings,
  defaults: RunSettings,
  start?: { readonly settings: SomeSettings; readonly step: number },
): RunSettings {
  const stored = start?.settings ?? {};
  if (given.seed !== undefined && stored.seed !== undefined && given.seed !== stored.seed) {
    throw new PixrnnError('usage', `the run was started with --seed ${stored.seed}. Resume it without --seed.`);
  }
  const { optimizer = defaults.optimizer } = start ? stored : given;
  if (given.optimizer !== undefined && given.optimizer !== optimizer) {
    const advice = 'Resume it without --optimizer, or begin another run with its model, --start.';
    throw new PixrnnError('usage', `the run was started with --optimizer ${optimizer}. ${advice}`);
  }
  const pick = (name: (typeof NUMBER_SETTINGS)[number]): number => given[name] ?? stored[name] ?? defaults[name];
  const numbers = Object.fromEntries(NUMBER_SETTINGS.map((name) => [name, pick(name)]));
  const settings = { ...numbers, optimizer } as unknown as RunSettings;
  const { rate = settings.rate, steps = settings.steps } = stored;
  const restarts = start && (settings.rate !== rate || (start.step >= steps && settings.steps > steps));
  return restarts ? { ...settings, from: start.step } : settings;
}

/**
 * Options that a resumed run may increase: of the paper's networks with residual connections (`grown`), and of photo
 * (`changedPhoto`), whose predictors may be any others.
 */
const GROWING: readonly string[] = ['blocks', 'head'];
const GROWING_PHOTO: readonly string[] = ['features', ...GROWING];

/** A given option and the value that a spec has instead; undefined if its model has no such option. */
interface Contradiction {
  readonly option: SpecOption;
  readonly flag: string;
  readonly given: SpecOptions[SpecOption];
  readonly own: SpecOptions[SpecOption];
}

/** Returns the given options that a spec contradicts. */
export function contradictions(given: SpecOptions, stored: ModelSpec): Contradiction[] {
  const options = optionsOf(stored);
  const list = Object.entries(given) as [SpecOption, SpecOptions[SpecOption]][];
  return list.flatMap(([option, other]) => {
    const own = options[option];
    if (other === undefined || other === own) return [];
    return [{ option, flag: option === 'architecture' ? '--model' : `--${option}`, given: other, own }];
  });
}

/** Throws `usage` if a given option contradicts the spec of the run in `folder`. */
export function checkResumedSpec(folder: string, given: SpecOptions, stored: ModelSpec): void {
  if (given.channels !== undefined && given.channels !== stored.channels) {
    const advice = stored.channels === 1 ? 'gray images. Resume it with' : 'RGB images. Resume it without';
    throw new PixrnnError('usage', `${shellWord(folder)} trains a model for ${advice} --gray.`);
  }
  const options = optionsOf(stored);
  for (const { option, flag, given: other, own } of contradictions(given, stored)) {
    if (stored.architecture === 'photo' && option === 'predictors') continue;
    if (growing(stored, options).includes(option) && Number(other) > Number(own)) continue;
    const what = own === undefined ? `the model ${stored.architecture}` : `a model with ${flag} ${String(own)}`;
    throw new PixrnnError(
      'usage',
      `${shellWord(folder)} trains ${what}. Resume it without ${flag} ${String(other)}, or name another directory with --out.`,
    );
  }
}

/** Returns the options that a resumed run may increase. */
function growing({ architecture }: ModelSpec, { residual }: SpecOptions): readonly string[] {
  if (architecture === 'photo') return GROWING_PHOTO;
  return residual === true && architecture !== 'multi-scale' ? GROWING : [];
}
