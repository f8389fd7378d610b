import type { Model } from '../model/model.js';
import { failureOf } from './failure.js';
import type { FromService, ToService } from './messages.js';
import type { ProgressCallback } from './options.js';

/** What a call needs in the background thread. */
export interface CallContext<Event = never> {
  /** Models of the call, or names or paths of models. */
  readonly models: readonly (Model | string)[];
  readonly onProgress: ProgressCallback;
  readonly onEvent: (event: Event, transfer?: ArrayBuffer[]) => void;
  readonly signal: AbortSignal;
}

/** The result of a call, and its buffers to transfer to the caller. */
export interface Response<Result> {
  readonly result: Result;
  readonly transfer: Transferable[];
}

/**
 * Runs the calls of a background thread; each starts when its message arrives.
 * @param send posts a message to the caller's thread
 * @param handle runs one request
 * @returns the handler of the caller's messages
 */
export function serveCalls<Request extends { readonly models: readonly (string | number)[] }, Result, Event = never>(
  send: (message: FromService<Result, Event>, transfer?: Transferable[]) => void,
  handle: (request: Request, context: CallContext<Event>) => Promise<Response<Result>>,
): (message: ToService<Request>) => void {
  const models = new Map<number, Model>();
  const running = new Map<number, AbortController>();

  const run = async (id: number, request: Request): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    // Resolve the models now: a 'forget' message may remove them before the call reads its input.
    const given = request.models.map((model) => (typeof model === 'string' ? model : (models.get(model) as Model)));
    const context: CallContext<Event> = {
      models: given,
      onProgress: (done, total) => send({ type: 'progress', id, done, total }),
      onEvent: (event, transfer) => send({ type: 'event', id, event }, transfer),
      signal: controller.signal,
    };
    try {
      const { result, transfer } = await handle(request, context);
      send({ type: 'done', id, result }, transfer);
    } catch (error) {
      send({ type: 'failed', id, failure: failureOf(error) });
    } finally {
      running.delete(id);
    }
  };

  return (message) => {
    switch (message.type) {
      case 'model':
        return void models.set(message.key, message.model);
      case 'forget':
        return void models.delete(message.key);
      case 'abort':
        return running.get(message.id)?.abort();
      case 'call':
        return void run(message.id, message.request);
    }
  };
}
