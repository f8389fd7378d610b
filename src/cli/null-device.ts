import { realpathSync } from 'node:fs';
import { devNull } from 'node:os';

/** Whether a path is the null device, possibly through symbolic links. Nothing may be renamed over it, and it must not be deleted. */
export function isNullDevice(path: string): boolean {
  try {
    return path === devNull || realpathSync(path) === devNull;
  } catch {
    return false; // does not exist
  }
}
