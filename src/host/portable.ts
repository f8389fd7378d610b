import { sha256 } from '@noble/hashes/sha2.js';
import { Z_BUF_ERROR, ZStream, Z_NO_FLUSH, Z_OK, Z_STREAM_END, deflate, zlibInflate, zlibInflateInit } from 'pako';
import { concatBytes } from '../bytes.js';
import { InflateError, type Inflated, type Sha256, type Zlib } from './host.js';

/* Services in plain JavaScript, for hosts without faster ones. */

/** SHA-256 from @noble/hashes. */
export function portableSha256(): Sha256 {
  return sha256.create();
}

/** zlib from pako. */
export const portableZlib: Zlib = {
  inflate,
  deflate: (bytes, options) => Promise.resolve(deflate(bytes, options)),
  deflateSync: (bytes, options) => deflate(bytes, options),
};

/** Bytes inflated between two checks of the limit. */
const INFLATE_CHUNK = 2 ** 16;

function inflate(stream: Uint8Array, maxBytes: number): Inflated {
  const state = new ZStream();
  zlibInflateInit(state);
  state.input = stream;
  state.next_in = 0;
  state.avail_in = stream.length;
  const chunks: Uint8Array[] = [];
  for (;;) {
    state.output = new Uint8Array(INFLATE_CHUNK);
    state.next_out = 0;
    state.avail_out = INFLATE_CHUNK;
    const status = zlibInflate(state, Z_NO_FLUSH);
    chunks.push(state.output.subarray(0, state.next_out));
    if (state.total_out > maxBytes) throw new InflateError('too-large');
    if (status === Z_STREAM_END) return { bytes: concatBytes(chunks), consumed: state.next_in };
    if (status !== Z_OK && status !== Z_BUF_ERROR) throw new InflateError('damaged', state.msg);
    if (state.avail_in === 0 && state.avail_out > 0) throw new InflateError('incomplete');
  }
}
