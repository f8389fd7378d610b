import { shellWord } from '../node/path-text.js';
import { findSources } from '../batch/sources.js';
import { statsOf } from '../batch/stats.js';
import { expandWildcards } from '../batch/wildcards.js';
import { PixrnnError } from '../errors.js';
import { STANDARD_STREAM } from './input.js';
import { listText } from './messages.js';

/** Expands names and patterns, for commands that accept no directories; the others use `findSources`. */
export function namedFiles(names: readonly string[]): string[] {
  return names.flatMap((name) => expandWildcards(name).map(({ path }) => path));
}

/** A file to read. */
export interface NamedFile {
  readonly path: string;
  /** Why it cannot be read, if that is known already. */
  readonly fault: PixrnnError | null;
}

/**
 * Expands names and patterns and, with --recursive, directories, for commands that read files in sequence.
 * @param extensions of the files to read in directories
 * @throws PixrnnError 'usage' if the directories contain no such file
 */
export function filesToRead(names: readonly string[], recursive: boolean, extensions: RegExp): NamedFile[] {
  if (!recursive) return namedFiles(names).map((path) => ({ path, fault: directoryFault(path) }));
  const sources = findSources(names, { recursive, extensions, stream: STANDARD_STREAM });
  if (sources.length > 0 || names.length === 0) return sources;
  const where = listText(
    names.map((name) => shellWord(name)),
    'and',
  );
  throw new PixrnnError('usage', `no supported files found in ${where}. Name the files themselves.`);
}

function directoryFault(path: string): PixrnnError | null {
  if (path === STANDARD_STREAM || !statsOf(path)?.isDirectory()) return null;
  return new PixrnnError('input-unreadable', 'it is a directory. Use --recursive, or name the files in it.');
}
