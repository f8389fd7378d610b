import { entriesOf, type NamedEntry } from './path-bytes.js';
import { statsOf } from './stats.js';

/** A directory entry that a walk finds. */
export interface Entry {
  /** The path below the directory where the walk began, separated by `/`. */
  readonly below: string;
  /** `other`: a pipe, a socket or a device; `closed`: a directory that cannot be read. */
  readonly kind: 'file' | 'folder' | 'other' | 'closed';
}

/**
 * Yields the entries of a directory and of its subdirectories up to `depth` levels, sorted by name. Links to files are files, even dangling
 * ones, whose error is reported when they are read. Links to directories, and directories for which `enters` returns false, are yielded but not
 * entered, so a cycle of links ends.
 * @param folder ends with `/`, or is empty for the current directory
 * @throws NodeJS.ErrnoException if the directory itself cannot be read
 */
export function* walk(
  folder: string,
  depth = Infinity,
  enters: (below: string) => boolean = () => true,
  below = '',
): Generator<Entry> {
  const entries = entriesOf(folder + below || '.');
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const inside = below + entry.name;
    const isEntered = entry.isDirectory() && depth > 1 && enters(inside);
    try {
      if (isEntered) yield* walk(folder, depth - 1, enters, `${inside}/`);
      else yield { below: inside, kind: kindOf(entry, folder + inside) };
    } catch {
      yield { below: inside, kind: 'closed' };
    }
  }
}

function kindOf(entry: NamedEntry, path: string): Entry['kind'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (!entry.isSymbolicLink()) return 'other';
  const target = statsOf(path);
  return target === undefined || target.isFile() ? 'file' : target.isDirectory() ? 'folder' : 'other';
}
