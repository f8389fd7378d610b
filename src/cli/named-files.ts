import { findSources } from '../batch/sources.js';
import { statsOf } from '../batch/stats.js';
import { expandWildcards } from '../batch/wildcards.js';
import { PixrnnError } from '../errors.js';
import { STANDARD_STREAM } from './input.js';
import { escapeControls, listText } from './messages.js';

/** The files that names and patterns stand for, for commands that take no folders: `findSources` is for the others. */
export function namedFiles(names: readonly string[]): string[] {
  return names.flatMap((name) => expandWildcards(name).map(({ path }) => path));
}

/** A file to read, and why there is no point in opening it. */
export interface NamedFile {
  readonly path: string;
  readonly fault: PixrnnError | null;
}

/**
 * The same with --recursive, for commands that read one file after the other.
 * @param endings of the files that count in directories
 * @throws PixrnnError 'usage' where directories hold no such file
 */
export function filesToRead(names: readonly string[], recursive: boolean, endings: RegExp): NamedFile[] {
  if (!recursive) return namedFiles(names).map((path) => ({ path, fault: directoryFault(path) }));
  const sources = findSources(names, { recursive, endings, stream: STANDARD_STREAM });
  if (sources.length > 0 || names.length === 0) return sources;
  const where = listText(names.map(escapeControls), 'and');
  throw new PixrnnError('usage', `no supported files found in ${where}. Name the files themselves.`);
}

function directoryFault(path: string): PixrnnError | null {
  if (path === STANDARD_STREAM || !statsOf(path)?.isDirectory()) return null;
  return new PixrnnError('input-unreadable', 'it is a folder. Use --recursive, or name the files in it.');
}
