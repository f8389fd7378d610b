import { readFile, stat } from 'node:fs/promises';
import { PixrnnError } from '../errors.js';
import { MAX_INPUT_BYTES } from './limits.js';
import type { SentFile } from './protocol.js';

/**
 * The bytes of a file that was sent to the background thread, or whose path was.
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
    if (!stats.isFile()) throw new PixrnnError('input-unreadable', `${path} is not a file. Check the path.`);
    if (stats.size > maxBytes) {
      const what = `${path} has ${stats.size} bytes, more than the limit of ${maxBytes}`;
      throw new PixrnnError('limit', `${what}. If you trust it, raise maxInputBytes.`);
    }
    return await readFile(path, { signal });
  } catch (cause) {
    if (cause instanceof PixrnnError || signal.aborted) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read (${message})`;
    throw new PixrnnError('input-unreadable', `${what}. Check the path and its permissions.`, { cause });
  }
}
