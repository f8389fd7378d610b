import { equalBytes } from '../bytes.js';
import { describeZlib, rebuildZlib } from '../packing/zlib-stream.js';
import { malformedRecipe } from './fields.js';
import type { Method } from './format.js';

/** How streams of one method are described. */
interface Packing {
  /** Returns what `rebuild` needs in addition to the packed bytes; null if the stream cannot be described. */
  describe(stream: Uint8Array, packed: Uint8Array): Promise<Uint8Array | null>;
  /** @throws PixrnnError 'file-corrupt' */
  rebuild(description: Uint8Array, packed: Uint8Array, maxBytes: number): Promise<Uint8Array>;
}

const copy: Packing = {
  describe: (stream, packed) => Promise.resolve(equalBytes(stream, packed) ? new Uint8Array(0) : null),
  rebuild: (description, packed, maxBytes) => {
    if (description.length > 0 || packed.length > maxBytes) throw malformedRecipe();
    return Promise.resolve(packed);
  },
};

const PACKINGS: Readonly<Partial<Record<Method, Packing>>> = {
  copy,
  zlib: { describe: describeZlib, rebuild: rebuildZlib },
};

/** Returns the description of a stream of packed bytes; null if there is none. */
export function describeStream(method: Method, stream: Uint8Array, packed: Uint8Array): Promise<Uint8Array | null> {
  return PACKINGS[method]?.describe(stream, packed) ?? Promise.resolve(null);
}

/**
 * Returns a stream of at most `maxBytes`.
 * @throws PixrnnError 'file-corrupt'
 */
export function rebuildStream(
  method: Method,
  description: Uint8Array,
  packed: Uint8Array,
  maxBytes: number,
): Promise<Uint8Array> {
  const packing = PACKINGS[method];
  if (!packing) throw malformedRecipe();
  return packing.rebuild(description, packed, maxBytes);
}
