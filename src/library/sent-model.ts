import type { SentModels } from '../engine/sent-models.js';
import { referenceName, referenceOf } from '../model/registry.js';
import type { ModelInput } from '../service/options.js';
import type { SentModel } from './protocol.js';

/**
 * Returns the name or key of a model in the background thread, and sends the model if the thread does not have it. A shipped model goes
 * by name: the thread loads it, and files refer to it by its number.
 */
export function sentModel(model: ModelInput, sent: SentModels): SentModel {
  if (typeof model === 'string') return model;
  const reference = referenceOf(model);
  return typeof reference === 'number' ? referenceName(reference) : sent.keyOf(model);
}
