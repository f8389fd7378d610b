import { idText, type Model } from '../model/model.js';
import { shippedModels } from '../model/registry.js';
import type { Run } from './run.js';

/** What decides which runs a worker can do. */
export interface Capability {
  /** Draft of the format. */
  readonly draft: number;
  /** Models besides the shipped ones. */
  readonly models: readonly Model[];
}

/** Returns the name that a worker gives the queue: its draft, the number of shipped models, and the ids of other models. */
export function workerName({ draft, models }: Capability): string {
  return [draft, shippedModels().length, ...models.map(({ id }) => idText(id))].join('.');
}

/**
 * Whether another worker may do a run that a worker of draft `own` cannot do. No release removes a shipped model, so that a worker with more of
 * them may have the missing one.
 */
export function mayDo(name: string, { draft, options: { model } }: Run, own: number): boolean {
  const [theirs, shipped, ...ids] = name.split('.');
  if (Number(theirs) !== draft) return false;
  return draft !== own || Number(shipped) > shippedModels().length || (model !== undefined && ids.includes(model.id));
}
