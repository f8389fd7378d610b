import type { RowsDone } from '../engine/engine.js';

/** Progress callback and abort signal of a tile. */
export interface TileWatch {
  readonly onRows: RowsDone;
  readonly signal: AbortSignal;
}

/** Disables progress for alpha: the colours need most of the time and report the tile's progress. */
export function withoutRows(watch: TileWatch): TileWatch {
  return { ...watch, onRows: () => {} };
}
