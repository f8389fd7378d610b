import type { ModelMessage } from '../engine/protocol.js';
import type { Failure } from './failure.js';

/* Messages between the caller's thread and the background thread that runs its calls. */

/** Messages to the background thread. */
export type ToService<Request> =
  | ModelMessage
  | { readonly type: 'call'; readonly id: number; readonly request: Request }
  | { readonly type: 'abort'; readonly id: number };

/** Messages from the background thread: progress and events of a call, then its result or failure. */
export type FromService<Result, Event = never> =
  | { readonly type: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  | { readonly type: 'event'; readonly id: number; readonly event: Event }
  | { readonly type: 'done'; readonly id: number; readonly result: Result }
  | { readonly type: 'failed'; readonly id: number; readonly failure: Failure };
