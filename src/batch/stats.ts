import { type Stats, statSync } from 'node:fs';
import { fsPath } from './path-bytes.js';

/** What a path leads to; undefined where that is nothing, or cannot be told, as in a circle of links. */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(fsPath(path), { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
