import { linkSync, renameSync, statSync } from 'node:fs';
import { type FileAttributes, keepAttributes } from '../batch/file-attributes.js';
import { flushName } from '../batch/flush-name.js';
import { temporaryName } from '../batch/leftovers.js';
import { fsPath } from '../batch/path-bytes.js';
import { writeAtomically } from '../node/write-atomically.js';
import type { WriteOptions } from './storage.js';

/** A file to write. */
interface WholeFile extends WriteOptions {
  readonly path: string;
  /** An existing directory of the same file system for the temporary file. */
  readonly folder: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes a file under a temporary name, flushes it, and links or renames it into place.
 * @throws NodeJS.ErrnoException
 */
export async function writeWholeFile(file: WholeFile): Promise<'written' | 'exists'> {
  const { path, folder, bytes, replace, attributes } = file;
  const temporary = temporaryName(folder);
  const isWritten = await writeAtomically(fsPath(temporary), bytes, {
    mode: modeOf(attributes),
    prepare: () => attributes && keepAttributes(temporary, attributes),
    place: () => (replace ? replaceOld(temporary, path) : linkNew(temporary, path)),
  });
  if (!isWritten) return 'exists';
  flushName(path);
  return 'written';
}

function modeOf(attributes: FileAttributes | null | undefined): number {
  return Number(attributes?.mode ?? 0o666n) & 0o777;
}

function replaceOld(temporary: string, path: string): true {
  renameSync(fsPath(temporary), fsPath(path));
  return true;
}

/** File systems without hard links, where a second writer may replace the same bytes. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Returns false if the path exists. */
function linkNew(temporary: string, path: string): boolean {
  try {
    linkSync(fsPath(temporary), fsPath(path));
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!NO_LINKS.has(code)) throw error;
  }
  if (statSync(fsPath(path), { throwIfNoEntry: false })) return false;
  return replaceOld(temporary, path);
}
