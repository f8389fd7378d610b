import { concatBytes } from './bytes.js';
import { host } from './host/host.js';

/*
 * Brotli (RFC 7932) compression of metadata and tables. All hosts use the same encoder, so equal input gives equal
 * bytes.
 */

const BEST_QUALITY = 11;
/** Larger input is compressed with FAST_QUALITY, because the best quality needs up to 10 s per MB. */
const BEST_QUALITY_BYTES = 2 ** 20;
const FAST_QUALITY = 9;
/** Smaller input is compressed with SMALL_QUALITY, which gives the same size: the others clear tables of 36 MB first. */
const SMALL_BYTES = 512;
const SMALL_QUALITY = 5;

const OUTPUT_BYTES = 2 ** 16;
/** Result codes of brotli-wasm, whose type declarations omit the values. */
const SUCCESS = 1;
const NEEDS_OUTPUT = 3;

/** Returns one Brotli stream of all bytes. */
export async function compressBrotli(bytes: Uint8Array): Promise<Uint8Array> {
  const { compress } = await host().loadBrotli();
  return compress(bytes, { quality: qualityFor(bytes.length) });
}

function qualityFor(length: number): number {
  if (length < SMALL_BYTES) return SMALL_QUALITY;
  return length <= BEST_QUALITY_BYTES ? BEST_QUALITY : FAST_QUALITY;
}

/**
 * Returns the content of a payload that is exactly one Brotli stream.
 * @throws Error if the stream is damaged or incomplete, is followed by other bytes, or holds more than `maxBytes`
 */
export async function decompressBrotli(payload: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const { DecompressStream } = await host().loadBrotli();
  const stream = new DecompressStream();
  const parts: Uint8Array[] = [];
  let [consumed, length] = [0, 0];
  try {
    for (let code = NEEDS_OUTPUT; code !== SUCCESS;) {
      if (code !== NEEDS_OUTPUT) throw new Error('the Brotli stream is incomplete');
      const result = stream.decompress(payload.subarray(consumed), OUTPUT_BYTES);
      const { buf, input_offset: read } = result;
      code = result.code;
      result.free();
      parts.push(buf);
      consumed += read;
      length += buf.length;
      if (length > maxBytes) throw new Error(`the Brotli stream holds more than ${maxBytes} bytes`);
    }
  } catch (error) {
    throw error instanceof Error ? error : new Error(`the Brotli stream is damaged (${String(error)})`);
  } finally {
    stream.free();
  }
  if (consumed !== payload.length) throw new Error('bytes follow the Brotli stream');
  return concatBytes(parts);
}
