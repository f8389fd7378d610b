import { PixrnnError } from '../errors.js';
import type { ModelSpec } from '../model/architecture.js';

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
  /** Of the first weights and of the crops. */
  readonly seed: number;
  /** The step at which the schedule of rates begins: 0, or where the run stood when its schedule was begun anew. */
  readonly from: number;
}

/** Of new runs, by architecture. */
export const DEFAULT_SETTINGS: Readonly<Record<ModelSpec['architecture'], RunSettings>> = {
  pixelcnn: { steps: 7000, batch: 16, crop: 48, rate: 0.002, momentum: 0.9, seed: 1, from: 0 },
  photo: { steps: 10_000, batch: 8, crop: 64, rate: 0.002, momentum: 0.9, seed: 1, from: 0 },
};

/** Some of the settings; undefined stands for "not given". */
export type SomeSettings = { readonly [K in keyof RunSettings]?: RunSettings[K] | undefined };

export const SETTING_NAMES = ['steps', 'batch', 'crop', 'rate', 'momentum', 'seed', 'from'] as const;

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

/** A field of some architecture's spec. */
type SpecField = ModelSpec extends infer S ? (S extends ModelSpec ? keyof S : never) : never;

/** The fields of a spec that were given; undefined stands for "not given". */
export type SomeSpec = { readonly [K in SpecField]?: string | number | undefined };

/** Throws `usage` where a field that is given contradicts the spec of the run in `folder`. */
export function checkResumedSpec(folder: string, given: SomeSpec, stored: ModelSpec): void {
  if (given.channels !== undefined && given.channels !== stored.channels) {
    const mend = stored.channels === 1 ? 'gray images: resume it with' : 'RGB images: resume it without';
    throw new PixrnnError('usage', `${folder} trains a model for ${mend} --gray.`);
  }
  const fields: SomeSpec = stored;
  for (const [field, other] of Object.entries(given)) {
    const value = fields[field as SpecField];
    if (other === undefined || other === value) continue;
    const option = field === 'architecture' ? 'model' : field;
    const own = value === undefined ? `the model ${stored.architecture}` : `a model with --${option} ${value}`;
    throw new PixrnnError(
      'usage',
      `${folder} trains ${own}: resume it without --${option} ${other}, or name another --out.`,
    );
  }
}
