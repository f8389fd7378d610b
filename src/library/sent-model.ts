import type { SentModels } from '../engine/sent-models.js';
import { referenceName, referenceOf } from '../model/registry.js';
import type { ModelInput } from './options.js';
import type { SentModel } from './protocol.js';

/** How to name a model to the background thread, which then has it. A shipped one reads its file there, and keeps its number in files. */
export function sentModel(model: ModelInput, sent: SentModels): SentModel {
  if (typeof model === 'string') return model;
  const reference = referenceOf(model);
  return typeof reference === 'number' ? referenceName(reference) : sent.keyOf(model);
}
