import { entriesOf, type NamedEntry } from './path-bytes.js';
import { statsOf } from './stats.js';

/** What a walk finds. */
export interface Entry {
  /** The path below the folder where the walk began, with `/` between. */
  readonly below: string;
  /** `other`: a pipe, a socket, a device; `closed`: a folder whose names cannot be read. */
  readonly kind: 'file' | 'folder' | 'other' | 'closed';
}

/**
 * Everything in a folder and, `depth` folders deep, in those in it, sorted by name. Links to files count as files, dangling ones,
 * too: whoever reads them can say so. Links to folders are told and not entered, so that a loop of links has an end. What
 * `enters` denies is told and not entered either.
 * @param folder ends with `/`, or is empty for the present one
 * @throws NodeJS.ErrnoException where the folder itself cannot be read
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
