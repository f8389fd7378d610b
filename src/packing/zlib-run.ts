import {
  ZStream,
  Z_FINISH,
  Z_FULL_FLUSH,
  Z_OK,
  Z_PARTIAL_FLUSH,
  Z_STREAM_END,
  Z_SYNC_FLUSH,
  zlibDeflate,
  zlibDeflateInit2,
} from 'pako';

/** Flushes that a zlib stream can contain, in the order of their numbers in a description. */
export const FLUSHES = [Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_PARTIAL_FLUSH] as const;
export type FlushMode = (typeof FLUSHES)[number];

export const STRATEGIES = [0, 1, 2, 3, 4] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** How zlib made a stream. */
export interface ZlibParameters {
  /** 1 to 9. */
  readonly level: number;
  readonly strategy: Strategy;
  /** 1 to 9. */
  readonly memLevel: number;
  /** 8 to 15. */
  readonly windowBits: number;
  /** Whether Chromium's hash of four bytes is used instead of zlib's hash of three. */
  readonly chromium: boolean;
  readonly flush: FlushMode;
  /** Positions in the data where the stream was flushed, ascending. */
  readonly flushes: readonly number[];
}

const DEFLATED = 8;
const CHUNK = 2 ** 15;

/**
 * Compresses `raw` as zlib does (pako is its algorithm) and passes the pieces of the stream to `take`, until it returns
 * false. A piece is valid only during the call. Returns whether the stream is complete.
 */
export function runZlib(raw: Uint8Array, parameters: ZlibParameters, take: (piece: Uint8Array) => boolean): boolean {
  const { level, strategy, memLevel, windowBits, chromium, flush, flushes } = parameters;
  const state = new ZStream();
  if (zlibDeflateInit2(state, level, DEFLATED, windowBits, memLevel, strategy, !chromium) !== Z_OK) return false;
  state.input = raw;
  state.next_in = 0;
  state.output = new Uint8Array(CHUNK);
  for (const end of [...flushes.filter((position) => position < raw.length), raw.length]) {
    state.avail_in = end - state.next_in;
    const mode = end < raw.length ? flush : Z_FINISH;
    do {
      state.next_out = 0;
      state.avail_out = CHUNK;
      const status = zlibDeflate(state, mode);
      if (!take(state.output.subarray(0, state.next_out))) return false;
      if (status === Z_STREAM_END) return true;
      if (status !== Z_OK) return false;
    } while (state.avail_out === 0 || mode === Z_FINISH);
  }
  return false;
}
