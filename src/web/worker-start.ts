import type { Assets } from './assets.js';

/** The first message to a worker: it is the background thread of a `Codec`, or one of its engine threads. */
export type WorkerStart = BackgroundStart | { readonly role: 'engine' };

export interface BackgroundStart {
  readonly role: 'background';
  readonly assets: Assets;
  /** Maximum number of engine threads. */
  readonly threads: number;
}

/** The first message of a worker: its script has run. */
export const STARTED = 'started';

/** A message of an engine thread, with the buffers that whoever passes it on transfers again. */
export interface Passed {
  readonly message: unknown;
  readonly transfer: readonly ArrayBuffer[];
}
