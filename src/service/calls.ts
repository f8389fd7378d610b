import { errorOf } from './failure.js';
import type { FromService, ToService } from './messages.js';
import type { ProgressCallback } from './options.js';

/** Listeners and abort signal of a call. */
export interface Watch<Event = never> {
  readonly onProgress?: ProgressCallback | undefined;
  readonly onEvent?: ((event: Event) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Posts a message to the background thread. */
export type Post<Request> = (message: ToService<Request>, transfer?: ArrayBuffer[]) => void;

interface Call<Result, Event> {
  readonly onMessage: (message: FromService<Result, Event>) => void;
  readonly fail: (error: Error) => void;
}

/** The pending calls of a background thread, on the caller's side. */
export class Calls<Request, Result, Event = never> {
  private readonly pending = new Map<number, Call<Result, Event>>();
  private lastId = 0;

  /** @param onIdle called when the last pending call has settled */
  constructor(private readonly onIdle: () => void) {}

  /** Passes a message of the background thread to its call; messages of settled calls are ignored. */
  receive(message: FromService<Result, Event>): void {
    this.pending.get(message.id)?.onMessage(message);
  }

  /** Rejects all pending calls. */
  failAll(error: Error): void {
    for (const { fail } of [...this.pending.values()]) fail(error);
  }

  /**
   * Sends a call and returns its result. Rejects with the signal's reason when it is aborted, and with the error of a
   * callback that throws.
   * @param transfer buffers to transfer with the request; they are detached here
   */
  run(
    post: Post<Request>,
    requestOf: () => Request,
    transfer: ArrayBuffer[],
    { onProgress, onEvent, signal }: Watch<Event>,
  ): Promise<Result> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        this.pending.delete(id);
        signal?.removeEventListener('abort', abort);
        if (this.pending.size === 0) this.onIdle();
        settle();
      };
      const fail = (error: Error): void => end(() => reject(error));
      const stop = (reason: unknown): void => {
        post({ type: 'abort', id });
        fail(reason as Error);
      };
      const abort = (): void => stop(signal?.reason);
      /** Calls a callback; false if it threw. */
      const call = (callback: () => void): boolean => {
        try {
          callback();
          return true;
        } catch (error) {
          stop(error);
          return false;
        }
      };
      let [done, total] = [0, 0];
      const report = (nowDone: number, nowTotal: number): boolean => {
        if (nowDone <= done) return true;
        [done, total] = [nowDone, nowTotal];
        return call(() => onProgress?.(done, total));
      };
      const onMessage = (message: FromService<Result, Event>): void => {
        if (message.type === 'progress') report(message.done, message.total);
        else if (message.type === 'event') call(() => onEvent?.(message.event));
        else if (message.type === 'failed') fail(errorOf(message.failure));
        else if (report(total, total)) end(() => resolve(message.result));
      };
      this.pending.set(id, { onMessage, fail });
      signal?.addEventListener('abort', abort, { once: true });
      try {
        post({ type: 'call', id, request: requestOf() }, transfer);
      } catch (error) {
        fail(error as Error); // an option that cannot be cloned
      }
    });
  }
}
