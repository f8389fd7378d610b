import { deflate } from 'pako';
import { equalBytes } from '../bytes.js';
import { PixrnnError } from '../errors.js';

/** Returns level, memory level and strategy with which zlib makes `stream` from `raw`; null if none do. */
export async function describeZlib(stream: Uint8Array, raw: Uint8Array): Promise<Uint8Array | null> {
  for (const level of [6, 9, 1, 2, 3, 4, 5, 7, 8]) {
    for (const memLevel of [8, 9]) {
      for (const strategy of [0, 1]) {
        const description = Uint8Array.of(level, memLevel, strategy);
        if (equalBytes(await rebuildZlib(description, raw, Infinity), stream)) return description;
      }
    }
  }
  return null;
}

/**
 * Rebuilds a stream.
 * @throws PixrnnError 'file-corrupt'
 */
export function rebuildZlib(description: Uint8Array, raw: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const [level = 0, memLevel = 0, strategy = 0] = description;
  const stream = deflate(raw, { level: level as 9, memLevel: memLevel as 9, strategy: strategy as 0 });
  if (stream.length <= maxBytes) return Promise.resolve(stream);
  throw new PixrnnError('file-corrupt', 'a recipe claims too few bytes. Get the file again.');
}
