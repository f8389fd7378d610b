import type { Passed } from './worker-start.js';

/*
 * The page starts the engine threads of its background thread and passes their messages on. A worker could start them
 * itself, but then Firefox may block it for ever: the constructor of a nested worker waits for the main thread, on a
 * condition variable on which the new worker waits, too, and only one of the two is woken.
 */

/** Messages of the background thread to the page. */
export type EngineRequest =
  | { readonly type: 'start-engine'; readonly engine: number }
  | ({ readonly type: 'to-engine'; readonly engine: number } & Passed)
  | { readonly type: 'end-engine'; readonly engine: number };

/** Messages of the page to the background thread. */
export type EngineEvent =
  | { readonly type: 'from-engine'; readonly engine: number; readonly message: unknown }
  | { readonly type: 'engine-ended'; readonly engine: number; readonly reason: string };
