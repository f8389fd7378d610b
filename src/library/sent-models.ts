import type { Model } from '../model/model.js';
import { referenceName, referenceOf } from '../model/registry.js';
import type { ModelInput } from './options.js';
import type { SentModel, ToBackground } from './protocol.js';

/** Models that a background thread holds for later calls. */
const MOST = 6;

/** What a background thread knows of models: each is sent once, the one that was not asked for longest is forgotten. */
export class SentModels {
  /** The one used last at the end. */
  private readonly held = new Map<Model, number>();
  private lastKey = 0;

  constructor(private readonly send: (message: ToBackground) => void) {}

  /** How to name the model to the thread, which then has it. A shipped one reads its file there, and keeps its number in files. */
  nameOf(model: ModelInput): SentModel {
    if (typeof model === 'string') return model;
    const reference = referenceOf(model);
    if (typeof reference === 'number') return referenceName(reference);
    const known = this.held.get(model);
    const key = known ?? ++this.lastKey;
    if (known === undefined) this.send({ type: 'model', key, model });
    this.held.delete(model);
    this.held.set(model, key);
    const [oldest] = this.held;
    if (this.held.size > MOST && oldest) {
      this.held.delete(oldest[0]);
      this.send({ type: 'forget', key: oldest[1] });
    }
    return key;
  }
}
