import type { Model } from '../model/model.js';
import type { ModelMessage } from './protocol.js';

/** Models that a thread keeps: enough for any file, few enough for training runs of days. */
const MAX_MODELS = 6;

/** The models that a thread has. Each is sent once; the least recently used one is forgotten. */
export class SentModels {
  /** In order of use, the most recent last. */
  private readonly models = new Map<Model, number>();
  private lastKey = 0;

  constructor(private readonly send: (message: ModelMessage) => void) {}

  /** Returns the key of a model in the thread, after sending the model if the thread does not have it. */
  keyOf(model: Model): number {
    const known = this.models.get(model);
    const key = known ?? ++this.lastKey;
    if (known === undefined) this.send({ type: 'model', key, model });
    this.models.delete(model);
    this.models.set(model, key);
    const [oldest] = this.models;
    if (this.models.size > MAX_MODELS && oldest) {
      this.models.delete(oldest[0]);
      this.send({ type: 'forget', key: oldest[1] });
    }
    return key;
  }
}
