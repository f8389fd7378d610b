import { closeSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { fsPath } from './path-bytes.js';

/** Flushes the directory of a file, so that its name survives a power failure. Best effort. */
export function flushName(path: string): void {
  try {
    const folder = openSync(fsPath(dirname(path)), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    // Windows cannot open directories.
  }
}
