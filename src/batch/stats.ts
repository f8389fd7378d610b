import { type Stats, statSync } from 'node:fs';
import { fsPath } from './path-bytes.js';

/** Returns the stats of a file, following links; undefined if it does not exist or cannot be resolved, as in a cycle of links. */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(fsPath(path), { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
