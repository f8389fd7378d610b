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
  /**
   * The script of the engine threads; null: that of this worker. In pages from disk, a worker cannot read the URL of a blob
   * that the page has made.
   */
  readonly script: Blob | null;
  /** Maximum number of engine threads. */
  readonly threads: number;
}

export type WorkerStart = EngineStart | BackgroundStart;
