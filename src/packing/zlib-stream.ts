import { concatBytes, equalBytes } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import { adler32 } from './adler32.js';
import { describeParameters, isParameters, rebuildFromParameters } from './zlib-description.js';
import { PackingCoder } from './packing-coder.js';
import { describeTokens, payloadRoom, rebuildFromTokens } from './token-description.js';
import { findZlibParameters } from './zlib-search.js';

/*
 * Descriptions of zlib streams (RFC 1950; docs/format/deflate.md): what rebuilds a stream byte for byte, given what it
 * decompresses to.
 */

/** Longer data are not described: data, stream and description share a WebAssembly memory of less than 2 GiB. */
export const MAX_RAW_BYTES = 2 ** 29;
/** Bytes before and after the deflate stream. */
const HEADER_BYTES = 2;
const CHECK_BYTES = 4;
const PRESET_DICTIONARY = 0x20;

/**
 * Describes how a zlib stream was made from its decompressed bytes: with zlib's parameters if zlib made it, else by the
 * decisions of its encoder. Bytes after the stream are part of the description.
 * @param options verify: whether a description is tried; a caller that rebuilds the stream and compares does not need it
 * @returns null if `stream` does not begin with a valid zlib stream of exactly `raw`, is more than twice as long, or if
 *   `raw` is longer than MAX_RAW_BYTES
 */
export async function describeZlib(
  stream: Uint8Array,
  raw: Uint8Array,
  { verify = true } = {},
): Promise<Uint8Array | null> {
  if (raw.length > MAX_RAW_BYTES || stream.length > maxStreamBytes(raw) || !hasHeader(stream)) return null;
  const coder = await PackingCoder.create();
  const body = stream.subarray(HEADER_BYTES);
  // Candidates of zlib's parameters are compressed into the same place.
  coder.prepare(raw, Math.max(body.length, 2 ** 16), payloadRoom(stream));
  coder.write('stream', body);
  const length = coder.wasm.scan(body.length);
  const end = HEADER_BYTES + length + CHECK_BYTES;
  if (length < 0 || end > stream.length) return null;
  if (!equalBytes(stream.subarray(end - CHECK_BYTES, end), adler32(raw))) return null;
  const whole = stream.subarray(0, end);
  const trailing = stream.subarray(end);
  const parameters = findZlibParameters(coder, whole, raw);
  // The search has compared all bytes of the stream with what the parameters make.
  if (parameters) return describeParameters(parameters, whole, trailing);
  const description = describeTokens(coder, whole, trailing);
  if (!description || !verify) return description;
  const rebuilt = await rebuildZlib(description, raw, stream.length);
  return equalBytes(rebuilt, stream) ? description : null;
}

/**
 * Rebuilds the stream.
 * @param raw what it decompresses to
 * @throws PixrnnError 'file-corrupt' for a description that makes no stream of at most `maxBytes`
 */
export async function rebuildZlib(description: Uint8Array, raw: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const most = Math.min(maxBytes, maxStreamBytes(raw));
  const stream =
    raw.length > MAX_RAW_BYTES || description.length === 0
      ? null
      : isParameters(description)
        ? rebuildFromParameters(description, raw, most)
        : await rebuildFromTokens(description, raw, most);
  if (!stream)
    throw new PixrnnError('file-corrupt', 'the description of a zlib stream is damaged. Get the file again.');
  return concatBytes(stream);
}

/** Streams are longer than their data only by odd choices of their encoder; this bounds the memory for them. */
function maxStreamBytes(raw: Uint8Array): number {
  return 2 * raw.length + 2 ** 16;
}

function hasHeader([cmf = 0, flg = 0]: Uint8Array): boolean {
  return (cmf & 15) === 8 && cmf >> 4 <= 7 && (cmf * 256 + flg) % 31 === 0 && (flg & PRESET_DICTIONARY) === 0;
}
