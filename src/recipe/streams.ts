import { equalBytes } from '../bytes.js';
import { describeGifLzw, rebuildGifLzw } from '../packing/lzw-gif.js';
import { TIFF_LZW } from '../packing/lzw-codes.js';
import { describeLzw, rebuildLzw } from '../packing/lzw.js';
import { describePackBits, rebuildPackBits } from '../packing/packbits.js';
import { describeZlib, rebuildZlib } from '../packing/zlib-stream.js';
import { malformedRecipe } from './fields.js';
import type { Awaitable, Method } from './format.js';

/** How streams of one method are described. */
interface Packing {
  /** Returns what `rebuild` needs in addition to the packed bytes; null if the stream cannot be described. */
  describe(stream: Uint8Array, packed: Uint8Array, rowBytes: number): Awaitable<Uint8Array | null>;
  /** @throws PixrnnError 'file-corrupt' */
  rebuild(description: Uint8Array, packed: Uint8Array, maxBytes: number): Awaitable<Uint8Array>;
}

const copy: Packing = {
  describe: (stream, packed) => (equalBytes(stream, packed) ? new Uint8Array(0) : null),
  rebuild: (description, packed, maxBytes) => {
    if (description.length > 0 || packed.length > maxBytes) throw malformedRecipe();
    return packed;
  },
};

const PACKINGS: Readonly<Record<Method, Packing>> = {
  copy,
  // A recipe is tried as a whole.
  zlib: { describe: (stream, packed) => describeZlib(stream, packed, { verify: false }), rebuild: rebuildZlib },
  'tiff-lzw': { describe: (stream, packed) => describeLzw(stream, packed, TIFF_LZW), rebuild: rebuildLzw },
  'gif-lzw': { describe: describeGifLzw, rebuild: rebuildGifLzw },
  packbits: { describe: describePackBits, rebuild: rebuildPackBits },
};

/** What helps to describe a stream. */
interface Hints {
  /** Bytes of a row, where the method needs them. */
  readonly rowBytes: number | undefined;
  /** The description of a stream that the same encoder may have made, so that strips and tiles need one search. */
  readonly previous: Uint8Array | null;
}

/**
 * Returns the description of a stream of packed bytes; null if there is none. The caller makes sure that it rebuilds the
 * stream.
 */
export async function describeStream(
  method: Method,
  stream: Uint8Array,
  packed: Uint8Array,
  { rowBytes = packed.length, previous }: Hints,
): Promise<Uint8Array | null> {
  if (previous && (await isRebuilt(method, previous, packed, stream))) return previous;
  return PACKINGS[method].describe(stream, packed, rowBytes);
}

async function isRebuilt(
  method: Method,
  description: Uint8Array,
  packed: Uint8Array,
  stream: Uint8Array,
): Promise<boolean> {
  try {
    return equalBytes(await rebuildStream(method, description, packed, stream.length), stream);
  } catch {
    return false;
  }
}

/**
 * Returns a stream of at most `maxBytes`.
 * @throws PixrnnError 'file-corrupt'
 */
export async function rebuildStream(
  method: Method,
  description: Uint8Array,
  packed: Uint8Array,
  maxBytes: number,
): Promise<Uint8Array> {
  return PACKINGS[method].rebuild(description, packed, maxBytes);
}
