import type { Model } from '../model/model.js';
import type { ModelMessage } from './protocol.js';

/** Models that a thread holds at a time: as many as any file needs, and few enough for training to go on for days. */
const MODELS_HELD = 6;

/** What a thread knows of models: each is sent once, the one that was not used for longest is forgotten. */
export class SentModels {
  /** The one used last at the end. */
  private readonly held = new Map<Model, number>();
  private lastKey = 0;

  constructor(private readonly send: (message: ModelMessage) => void) {}

  /** The number of a model in the thread, which then has it. */
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
