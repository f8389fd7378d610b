import { PixrnnError } from '../errors.js';
import type { ModelSpec } from '../model/architectures.js';
import { optionsOf, type SpecOption, type SpecOptions } from './spec-options.js';

/** What a run is trained with; its checkpoint keeps it, so that `--resume` alone goes on in the same way. */
export interface RunSettings {
  /** Steps in all, those before a resumption included. */
  readonly steps: number;
  /** Crops a step. */
  readonly batch: number;
  /** Side of a crop in pixels. */
  readonly crop: number;
  /** Highest learning rate. */
  readonly rate: number;
  /** Of RMSProp; in AdamW beta 1, the decay of the gradient's running mean. */
  readonly momentum: number;
  /** Decay of the running mean of the weights, which the model has in place of the last ones; 0: no mean. */
  readonly average: number;
  /** Of the first weights and of the crops. */
  readonly seed: number;
  /** How many of the eight orientations of `orientedPiece` a crop may have, the first ones: 1, 2, 4 or 8. */
  readonly orientations: number;
  /** The step at which the schedule of rates begins: 0, or where the run stood when its schedule was begun anew. */
  readonly from: number;
}

const PIXEL_RNN = {
  steps: 7000,
  batch: 16,
  crop: 48,
  rate: 0.0005,
  momentum: 0.9,
  average: 0,
  seed: 1,
  orientations: 8,
  from: 0,
};

/** Of new runs, by architecture. */
export const DEFAULT_SETTINGS: Readonly<Record<ModelSpec['architecture'], RunSettings>> = {
  pixelcnn: PIXEL_RNN,
  'row-lstm': PIXEL_RNN,
  'diagonal-bilstm': PIXEL_RNN,
  'multi-scale': PIXEL_RNN,
  photo: { ...PIXEL_RNN, steps: 10_000, batch: 8, crop: 64, rate: 0.002 },
};

/** Some of the settings; undefined stands for "not given". */
export type SomeSettings = { readonly [K in keyof RunSettings]?: RunSettings[K] | undefined };

export const SETTING_NAMES = [
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
 * What is given holds, then what the checkpoint `start` stored (one of an older version stored nothing), then the
 * default. Where a rate is given that is another than before, or a finished run gets more steps, the schedule of rates
 * begins anew where the run stands: it warms up and falls again. A run that was stopped goes on with the schedule it
 * had, stretched to its steps. Throws `usage` for a seed that is not the run's: the batches go on from the checkpoint.
 */
export function settingsOf(
  given: SomeSettings,
  defaults: RunSettings,
  start: { readonly settings: SomeSettings; readonly step: number } = { settings: {}, step: 0 },
): RunSettings {
  const stored = start.settings;
  if (given.seed !== undefined && stored.seed !== undefined && given.seed !== stored.seed) {
    throw new PixrnnError('usage', `the run began with --seed ${stored.seed}: resume it without another --seed.`);
  }
  const pick = (name: keyof RunSettings): number => given[name] ?? stored[name] ?? defaults[name];
  const settings = Object.fromEntries(SETTING_NAMES.map((name) => [name, pick(name)])) as unknown as RunSettings;
  const { rate = settings.rate, steps = settings.steps } = stored;
  const anew = settings.rate !== rate || (start.step >= steps && settings.steps > steps);
  return anew ? { ...settings, from: start.step } : settings;
}

/** Options of which a run of the paper's networks may get more when it goes on (`grown`), where there are residual connections. */
const GROWING: readonly string[] = ['blocks', 'head'];

/** Throws `usage` where an option that is given contradicts the spec of the run in `folder`. */
export function checkResumedSpec(folder: string, given: SpecOptions, stored: ModelSpec): void {
  if (given.channels !== undefined && given.channels !== stored.channels) {
    const mend = stored.channels === 1 ? 'gray images: resume it with' : 'RGB images: resume it without';
    throw new PixrnnError('usage', `${folder} trains a model for ${mend} --gray.`);
  }
  const options = optionsOf(stored);
  for (const [name, other] of Object.entries(given)) {
    const value = options[name as SpecOption];
    if (other === undefined || other === value) continue;
    const mayGrow = options.residual === true && stored.architecture !== 'multi-scale' && GROWING.includes(name);
    if (mayGrow && Number(other) > Number(value)) continue;
    const option = name === 'architecture' ? 'model' : name;
    const own = value === undefined ? `the model ${stored.architecture}` : `a model with --${option} ${value}`;
    throw new PixrnnError(
      'usage',
      `${folder} trains ${own}: resume it without --${option} ${String(other)}, or name another --out.`,
    );
  }
}
