import { accessSync, closeSync, constants, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fsPath } from './path-bytes.js';
import { temporaryName } from './leftovers.js';

/*
 * Whether files can be created in a directory, asked before any time goes into a result. A directory that does not exist yet counts if it can
 * be created: the nearest existing one above it is looked at.
 */

/**
 * Creates a file in a directory and removes it at once: permission bits alone do not tell, least of all to root.
 * @throws Error whose message gives the reason
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
 * The same for a run that must write nothing: checks permissions only.
 * @throws Error whose message gives the reason
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
    throw new Error(`${at} is not a directory`);
  }
}

/** Without the temporary name that the system's message contains. */
function noFiles(folder: string, cause: unknown): Error {
  const [reason] = (cause as Error).message.split(', ');
  return new Error(`no file can be created in ${folder}: ${reason}`, { cause });
}
