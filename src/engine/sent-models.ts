import type { Model } from '../model/model.js';
import type { ModelMessage } from './protocol.js';

/** Models that a thread keeps: enough for any file, few enough for training runs of days. */
const MODELS_HELD = 6;

/** The models that a thread has. Each is sent once; the least recently used one is forgotten. */
export class SentModels {
  /** In order of use, the most recent last. */
  private readonly held = new Map<Model, number>();
  private lastKey = 0;

  constructor(private readonly send: (message: ModelMessage) => void) {}

  /** Returns the key of a model in the thread, after sending the model if the thread does not have it. */
  keyOf(model: Model): number {
    const known = this.held.get(model);
    const key = known ?? ++this.lastKey;
    if (known === undefined) this.send({ type: 'model', key, model });
    this.held.delete(model);
    this.held.set(model, key);
    const [oldest] = this.held;
    if (this.held.size > MODELS_HELD && oldest) {
      this.held.delete(oldest[0]);
      this.send({ type: 'forget', key: oldest[1] });
    }
    return key;
  }
}
