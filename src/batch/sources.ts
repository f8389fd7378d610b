import { resolve } from 'node:path';
import { PixrnnError } from '../errors.js';
import { statsOf } from './stats.js';
import { walk } from './walk.js';
import { expandWildcards, type Match } from './wildcards.js';

/** A file to process. */
export interface Source extends Match {
  /** Why it cannot be processed, if that is known without opening it. */
  readonly fault: PixrnnError | null;
}

/** How to find sources. */
export interface SourceOptions {
  /** Whether to recurse into directories. */
  readonly recursive: boolean;
  /** Extensions of the files to find in directories; a file that is named may have any extension. */
  readonly extensions: RegExp;
  /** The name of standard input, which is not expanded. */
  readonly stream: string;
}

/**
 * Finds the files of arguments, which may be files, patterns and directories. The result is in the order of the arguments, directories sorted
 * by name, without duplicates. In directories, hidden names and links to directories are skipped.
 */
export function findSources(args: readonly string[], options: SourceOptions): Source[] {
  const found = args.flatMap((argument) =>
    argument === options.stream
      ? [{ path: argument, below: argument, fault: null }]
      : expandWildcards(argument).flatMap((match) => sourcesOf(match, options)),
  );
  const seen = new Set<string>();
  const isNew = ({ path }: Source): boolean => {
    const key = path === options.stream ? path : resolve(path);
    const isFirst = !seen.has(key);
    seen.add(key);
    return isFirst;
  };
  const once = found.filter(isNew);
  return once.length > 1 ? once.map(withoutPipe) : once;
}

function sourcesOf(match: Match, options: SourceOptions): Source[] {
  const { path } = match;
  if (!statsOf(path)?.isDirectory()) return [{ ...match, fault: null }];
  if (!options.recursive) {
    return [faulty(match, 'it is a directory. Use --recursive, or name the files in it.')];
  }
  try {
    return sourcesIn(path.endsWith('/') ? path : `${path}/`, options);
  } catch (error) {
    return [faulty(match, `the directory cannot be read (${(error as Error).message}). Check its permissions.`)];
  }
}

/** @param folder ends with `/` */
function sourcesIn(folder: string, { extensions }: SourceOptions): Source[] {
  const isHidden = (below: string): boolean => /(^|\/)\.[^/]*$/.test(below);
  const sources: Source[] = [];
  for (const { below, kind } of walk(folder, Infinity, (name) => !isHidden(name) && !extensions.test(name))) {
    const match = { path: folder + below, below };
    if (isHidden(below)) continue;
    if (kind === 'closed') sources.push(faulty(match, 'the directory cannot be read. Check its permissions.'));
    else if (!extensions.test(below)) continue;
    else if (kind === 'file') sources.push({ ...match, fault: null });
    else if (kind === 'other') sources.push(faulty(match, NOT_A_FILE));
    else sources.push(faulty(match, 'it is a directory named like a file. Rename it, or name it as an argument.'));
  }
  return sources;
}

const NOT_A_FILE = 'it is a pipe, a socket or a device. Process it alone, or use standard input.';

/** Rejects pipes in batches, because reading a pipe blocks until there is a writer. */
function withoutPipe(source: Source): Source {
  const stats = source.fault ? undefined : statsOf(source.path);
  return stats && !stats.isFile() ? faulty(source, NOT_A_FILE) : source;
}

function faulty({ path, below }: Match, message: string): Source {
  return { path, below, fault: new PixrnnError('input-unreadable', message) };
}
