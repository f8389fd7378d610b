import { linkSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type FileAttributes, keepAttributes } from '../batch/file-attributes.js';
import { flushName } from '../batch/flush-name.js';
import { temporaryName } from '../batch/leftovers.js';
import { fsPath } from '../batch/path-bytes.js';
import type { WriteOptions } from './storage.js';

/** A file to write. */
interface WholeFile extends WriteOptions {
  readonly path: string;
  /** An existing directory of the same file system for the temporary file. */
  readonly folder: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes a file under a temporary name, flushes it, and links or renames it into place. Synchronous, so that a signal does not leave the
 * temporary file.
 * @throws NodeJS.ErrnoException
 */
export function writeAtomically({ path, folder, bytes, replace, attributes }: WholeFile): 'written' | 'exists' {
  const temporary = temporaryName(folder);
  try {
    writeFileSync(fsPath(temporary), bytes, { flag: 'wx', mode: modeOf(attributes), flush: true });
    if (attributes) keepAttributes(temporary, attributes);
    if (replace) renameSync(fsPath(temporary), fsPath(path));
    else if (!linkNew(temporary, path)) return 'exists';
    flushName(path);
    return 'written';
  } finally {
    rmSync(fsPath(temporary), { force: true });
  }
}

function modeOf(attributes: FileAttributes | null | undefined): number {
  return Number(attributes?.mode ?? 0o666n) & 0o777;
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
  renameSync(fsPath(temporary), fsPath(path));
  return true;
}
