import { idText, type Model } from '../model/model.js';
import { shippedModels } from '../model/registry.js';
import type { Run } from './run.js';

/** What decides which runs a worker can do. */
export interface Capability {
  /** Version of the format. */
  readonly formatVersion: number;
  /** Models besides the shipped ones. */
  readonly models: readonly Model[];
}

/**
 * Returns the name that a worker gives the queue: its version of the format, the number of shipped models, and the ids
 * of other models.
 */
export function workerName({ formatVersion, models }: Capability): string {
  return [formatVersion, shippedModels().length, ...models.map(({ id }) => idText(id))].join('.');
}

/**
 * Whether another worker may do a run that a worker of version `own` of the format cannot do. No release removes a
 * shipped model, so that a worker with more of them may have the missing one.
 */
export function mayDo(name: string, { formatVersion, options: { model } }: Run, own: number): boolean {
  const [theirs, shipped, ...ids] = name.split('.');
  if (Number(theirs) !== formatVersion) return false;
  return (
    formatVersion !== own || Number(shipped) > shippedModels().length || (model !== undefined && ids.includes(model.id))
  );
}
