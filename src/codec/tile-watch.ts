import type { RowsDone } from '../engine/engine.js';

/** How the coding of a tile is watched and stopped. */
export interface TileWatch {
  readonly onRows: RowsDone;
  readonly signal: AbortSignal;
}

/** For alpha: the colours take most of the time and tell how far the tile is. */
export function withoutRows(watch: TileWatch): TileWatch {
  return { ...watch, onRows: () => {} };
}
