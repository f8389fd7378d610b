import { realpathSync } from 'node:fs';
import { devNull } from 'node:os';

/** Whether a path is the null device, possibly through symbolic links: nothing is written there, renamed over it or removed. */
export function isNullDevice(path: string): boolean {
  try {
    return path === devNull || realpathSync(path) === devNull;
  } catch {
    return false; // not there
  }
}
