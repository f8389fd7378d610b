import { readFile, stat } from 'node:fs/promises';
import { shellWord } from '../node/path-text.js';
import { PixrnnError } from '../errors.js';
import { MAX_INPUT_BYTES } from './limits.js';
import type { SentFile } from './protocol.js';

/**
 * Returns the bytes of a file that was sent as bytes or as a path.
 * @throws PixrnnError `input-unreadable`, `limit`
 */
export async function bytesOf(
  file: SentFile,
  maxBytes: number = MAX_INPUT_BYTES,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (file.type === 'path') return readPath(file.path, maxBytes, signal);
  const [first] = file.pieces;
  return file.pieces.length === 1 && first ? first : Buffer.concat(file.pieces);
}

async function readPath(path: string, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  try {
    const stats = await stat(path);
    if (!stats.isFile())
      throw new PixrnnError('input-unreadable', `${shellWord(path)} is not a regular file. Check the path.`);
    if (stats.size > maxBytes) {
      const what = `${shellWord(path)} is ${stats.size} bytes long, more than the limit of ${maxBytes}`;
      throw new PixrnnError('limit', `${what}. If you trust the file, raise maxInputBytes.`);
    }
    return await readFile(path, { signal });
  } catch (cause) {
    if (cause instanceof PixrnnError || signal.aborted) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const what =
      code === 'ENOENT' ? `${shellWord(path)} does not exist` : `${shellWord(path)} cannot be read (${message})`;
    throw new PixrnnError('input-unreadable', `${what}. Check the path and its permissions.`, { cause });
  }
}
