import { resolve } from 'node:path';
import { PixrnnError } from '../errors.js';
import { statsOf } from './stats.js';
import { walk } from './walk.js';
import { expandWildcards, type Match } from './wildcards.js';

/** A file to work on. */
export interface Source extends Match {
  /** Why there is no point in opening it; null for all that looks like a file. */
  readonly fault: PixrnnError | null;
}

/** How arguments become sources. */
export interface SourceOptions {
  /** Whether folders are taken with all that is in them. */
  readonly recursive: boolean;
  /** Endings of the files that count in a folder; a file that is named itself may have any. */
  readonly endings: RegExp;
  /** What stands for standard input and is left alone. */
  readonly stream: string;
}

/**
 * The files that arguments stand for: files, patterns, folders; in the order of the arguments, each folder's sorted by name, and each
 * file once. In folders hidden names and links to folders are left out.
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
    return [faulty(match, 'it is a folder. Take all that is in it with --recursive, or name the files in it.')];
  }
  try {
    return sourcesIn(path.endsWith('/') ? path : `${path}/`, options);
  } catch (error) {
    return [faulty(match, `the folder cannot be read (${(error as Error).message}). Check its permissions.`)];
  }
}

/** @param folder ends with `/` */
function sourcesIn(folder: string, { endings }: SourceOptions): Source[] {
  const isHidden = (below: string): boolean => /(^|\/)\.[^/]*$/.test(below);
  const sources: Source[] = [];
  for (const { below, kind } of walk(folder, Infinity, (name) => !isHidden(name) && !endings.test(name))) {
    const match = { path: folder + below, below };
    if (isHidden(below)) continue;
    if (kind === 'closed') sources.push(faulty(match, 'the folder cannot be read. Check its permissions.'));
    else if (!endings.test(below)) continue;
    else if (kind === 'file') sources.push({ ...match, fault: null });
    else if (kind === 'other') sources.push(faulty(match, NOT_A_FILE));
    else sources.push(faulty(match, 'it is a folder with the name of a file. Rename it, or name it as an argument.'));
  }
  return sources;
}

const NOT_A_FILE = 'it is a pipe, a socket or a device. Give it alone, or through standard input.';

/** Reading a pipe waits until somebody writes to it: nothing that many files may have to wait for. */
function withoutPipe(source: Source): Source {
  const stats = source.fault ? undefined : statsOf(source.path);
  return stats && !stats.isFile() ? faulty(source, NOT_A_FILE) : source;
}

function faulty({ path, below }: Match, message: string): Source {
  return { path, below, fault: new PixrnnError('input-unreadable', message) };
}
