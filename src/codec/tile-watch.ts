import type { RowsDone, SamplesDone } from '../engine/engine.js';

/** Callbacks and abort signal of a tile. */
export interface TileWatch {
  readonly onRows: RowsDone;
  /**
   * When decoding, receives rows of the colour channels as soon as they are decoded, not verified: for display only. Not
   * every representation has them.
   */
  readonly onSamples?: SamplesDone | undefined;
  readonly signal: AbortSignal;
}

/** Disables the callbacks for alpha: the colours need most of the time and report the tile's progress. */
export function withoutRows(watch: TileWatch): TileWatch {
  return { signal: watch.signal, onRows: () => {} };
}
