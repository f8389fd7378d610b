import { adamW } from './adamw.js';
import { muon } from './muon.js';
import type { UpdateRule } from './optimizer.js';
import { rmsProp } from './rmsprop.js';
import type { RunSettings } from './settings.js';

const RULES: Readonly<Record<RunSettings['optimizer'], (momentum: number) => UpdateRule>> = {
  rmsprop: rmsProp,
  adamw: adamW,
  muon,
};

/** Returns the update rule of a run. */
export function updateRule({ optimizer, momentum }: RunSettings): UpdateRule {
  return RULES[optimizer](momentum);
}
