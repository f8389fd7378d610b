import { opendirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fsPath } from './path-bytes.js';

/** Number of entries to look at: most names have a letter. */
const ENTRIES = 16;

/**
 * Whether the file system of a directory takes `a.png` and `A.PNG` for the same file, as those of Windows and macOS usually do, and FAT and SMB
 * do on Linux. Writes nothing: it looks for an entry under another spelling. A directory that does not exist yet will be like the one around it.
 */
export function ignoresCase(folder: string, platform: NodeJS.Platform = process.platform): boolean {
  for (let at = folder; ; at = dirname(at)) {
    const found = entriesIgnoreCase(at);
    if (found !== null) return found;
    if (dirname(at) === at) return platform === 'win32' || platform === 'darwin';
  }
}

/** Null if no entry shows it. */
function entriesIgnoreCase(folder: string): boolean | null {
  try {
    const directory = opendirSync(fsPath(folder));
    try {
      for (let i = 0; i < ENTRIES; i++) {
        const name = directory.readSync()?.name;
        if (name === undefined) return null;
        const other = swapped(name);
        if (other !== name) return isSameFile(join(folder, name), join(folder, other));
      }
      return null;
    } finally {
      directory.closeSync();
    }
  } catch {
    return null; // missing, or not readable
  }
}

/** Returns what the names of one file have in common where case is ignored; macOS takes both Unicode forms of a letter for one, too. */
export function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

function swapped(name: string): string {
  const upper = name.toUpperCase();
  return upper === name ? name.toLowerCase() : upper;
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(fsPath(path), { bigint: true, throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}
