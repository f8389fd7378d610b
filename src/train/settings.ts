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
  /** Of RMSProp. */
  readonly momentum: number;
  /** Of the first weights and of the crops. */
  readonly seed: number;
}

/** Some of the settings; undefined stands for "not given". */
export type SomeSettings = { readonly [K in keyof RunSettings]?: RunSettings[K] | undefined };

export const DEFAULT_SETTINGS: RunSettings = {
  steps: 7000,
  batch: 16,
  crop: 48,
  rate: 0.002,
  momentum: 0.9,
  seed: 1,
};

export const SETTING_NAMES = Object.keys(DEFAULT_SETTINGS) as readonly (keyof RunSettings)[];

/**
 * What is given holds, then what a checkpoint stored (one of an older version stored nothing), then the default.
 * Throws `usage` for a seed that is not the run's: the generator goes on from the checkpoint.
 */
export function settingsOf(given: SomeSettings, stored: SomeSettings = {}): RunSettings {
  if (given.seed !== undefined && stored.seed !== undefined && given.seed !== stored.seed) {
    throw new PixrnnError('usage', `the run began with --seed ${stored.seed}: resume it without another --seed.`);
  }
  const pick = (name: keyof RunSettings): number => given[name] ?? stored[name] ?? DEFAULT_SETTINGS[name];
  return Object.fromEntries(SETTING_NAMES.map((name) => [name, pick(name)])) as unknown as RunSettings;
}

/** The fields of a spec that were given; undefined stands for "not given". */
export type SomeSpec = { readonly [K in keyof ModelSpec]?: ModelSpec[K] | string | undefined };

/** Throws `usage` where a field that is given contradicts the spec of the run in `folder`. */
export function checkResumedSpec(folder: string, given: SomeSpec, stored: ModelSpec): void {
  if (given.channels !== undefined && given.channels !== stored.channels) {
    const mend = stored.channels === 1 ? 'gray images: resume it with' : 'RGB images: resume it without';
    throw new PixrnnError('usage', `${folder} trains a model for ${mend} --gray.`);
  }
  for (const [field, value] of Object.entries(stored)) {
    const other = given[field as keyof ModelSpec];
    if (other === undefined || other === value) continue;
    throw new PixrnnError(
      'usage',
      `${folder} trains a model with --${field} ${value}: resume it without --${field} ${other}, or name another --out.`,
    );
  }
}
