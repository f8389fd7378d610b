import { accessSync, closeSync, constants, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { shellWord } from '../node/path-text.js';
import { fsPath } from './path-bytes.js';
import { temporaryName } from './leftovers.js';

/*
 * Checks whether files can be created in a directory, before coding. If the directory does not exist yet, its nearest existing ancestor is
 * checked.
 */

/**
 * Creates a file in a directory and removes it, because permission bits alone are not reliable, especially for root.
 * @throws Error whose message states the reason
 */
export function probeFolder(path: string): void {
  const folder = nearestFolder(path);
  const temporary = temporaryName(folder);
  try {
    closeSync(openSync(fsPath(temporary), 'wx'));
    rmSync(fsPath(temporary));
  } catch (error) {
    throw noFiles(folder, error);
  }
}

/**
 * Checks only permissions, for dry runs.
 * @throws Error whose message states the reason
 */
export function probePermissions(path: string): void {
  const folder = nearestFolder(path);
  try {
    accessSync(fsPath(folder), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw noFiles(folder, error);
  }
}

function nearestFolder(path: string): string {
  for (let at = path; ; at = dirname(at)) {
    const isRoot = dirname(at) === at;
    try {
      if (statSync(fsPath(at)).isDirectory()) return at;
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      const isBelowFile = (error as NodeJS.ErrnoException).code === 'ENOTDIR';
      if ((isMissing || isBelowFile) && !isRoot) continue;
      throw noFiles(at, error);
    }
    throw new Error(`${shellWord(at)} is not a directory`);
  }
}

/** Returns the error without the temporary name, which the system's message contains. */
function noFiles(folder: string, cause: unknown): Error {
  const [reason] = (cause as Error).message.split(', ');
  return new Error(`cannot create files in ${shellWord(folder)}: ${reason}`, { cause });
}
