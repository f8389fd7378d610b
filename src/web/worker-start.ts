import type { Assets } from './assets.js';

/* The first message to a worker, which sets its role. */

/** A thread of an engine pool. */
export interface EngineStart {
  readonly role: 'engine';
  readonly assets: Assets;
}

/** The background thread of a `Codec`, which owns the engine threads. */
export interface BackgroundStart {
  readonly role: 'background';
  readonly assets: Assets;
  /** Maximum number of engine threads. */
  readonly threads: number;
}

export type WorkerStart = EngineStart | BackgroundStart;
