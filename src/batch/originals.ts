import { basename, dirname, join } from 'node:path';
import { shellWord, slashed } from '../node/path-text.js';
import { entriesOf } from './path-bytes.js';
import { PixrnnError } from '../errors.js';
import { findSources, type Source } from './sources.js';
import { statsOf } from './stats.js';

/** Returns the names that `compress` may give the output of a file. */
export type ResultNames = (path: string) => readonly string[];

/**
 * Returns the original of a .prnn file: `against` if it is a file, otherwise the file in the same subdirectory of `against` whose output would
 * have this name.
 * @param below path of the .prnn file below the directory argument, or its name
 * @throws PixrnnError 'input-unreadable' unless there is exactly one
 */
export function findOriginal(against: string, below: string, namesOf: ResultNames): string {
  if (statsOf(against)?.isFile()) return against;
  const folder = slashed(join(against, dirname(below)));
  const names = namesIn(folder).filter((name) => name !== basename(below) && namesOf(name).includes(basename(below)));
  const [first, second] = names.sort();
  if (first === undefined) throw notOne(`no original found in ${shellWord(folder)}. Check the directory of --against.`);
  if (second === undefined) return slashed(join(folder, first));
  const both = `${shellWord(first)} and ${shellWord(second)}`;
  throw notOne(`several files in ${shellWord(folder)} may be the original: ${both}. Name one with --against.`);
}

/**
 * Returns the originals that have no .prnn file, and the directories that cannot be read, with their fault.
 * @param results paths of .prnn files below the directory argument
 * @param extensions of originals
 */
export function originalsWithoutResult(
  against: string,
  results: readonly string[],
  namesOf: ResultNames,
  extensions: RegExp,
): Source[] {
  const made = new Set(results);
  const originals = findSources([against], { recursive: true, extensions, stream: '' });
  return originals.filter(({ below, fault }) => fault !== null || !namesOf(below).some((name) => made.has(name)));
}

function namesIn(folder: string): string[] {
  try {
    return entriesOf(folder).map(({ name }) => name);
  } catch {
    return [];
  }
}

function notOne(message: string): PixrnnError {
  return new PixrnnError('input-unreadable', message);
}
