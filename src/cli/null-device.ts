import { realpathSync } from 'node:fs';
import { devNull } from 'node:os';

/** `NUL` in every directory, and the device itself. */
const WINDOWS_NAME = /^(\\\\[.?]\\|.*[\\/:])?nul:?$/is;

/** Whether a path is the null device, possibly through symbolic links. Nothing may be renamed over it, and it must not be deleted. */
export function isNullDevice(path: string, platform = process.platform): boolean {
  if (platform === 'win32') return WINDOWS_NAME.test(path);
  try {
    return path === devNull || realpathSync(path) === devNull;
  } catch {
    return false; // does not exist
  }
}
