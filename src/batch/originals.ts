import { basename, dirname, join } from 'node:path';
import { entriesOf } from './path-bytes.js';
import { PixrnnError } from '../errors.js';
import { findSources, type Source } from './sources.js';
import { statsOf } from './stats.js';

/** The names that compress may give the result of a file. */
export type ResultNames = (path: string) => readonly string[];

/**
 * The file that a .prnn file was made from, where the originals lie: `against` itself if it is a file, else the one below that folder
 * that compress would have given this name, and in the same folders.
 * @param below the .prnn file's path below the folder that was named, or its name
 * @throws PixrnnError 'input-unreadable' where there is none, or more than one
 */
export function findOriginal(against: string, below: string, namesOf: ResultNames): string {
  if (statsOf(against)?.isFile()) return against;
  const folder = join(against, dirname(below));
  const names = namesIn(folder).filter((name) => name !== basename(below) && namesOf(name).includes(basename(below)));
  const [first, second] = names.sort();
  if (first === undefined) throw notOne(`no original for it in ${folder}. Check the name that --against gives.`);
  if (second === undefined) return join(folder, first);
  throw notOne(`more than one file in ${folder} may be its original: ${first}, ${second}. Name one with --against.`);
}

/**
 * The files below a folder of originals that none of the results was made from; folders that cannot be read are among them, with their fault.
 * @param results paths of .prnn files below the folder that was named
 * @param endings of the files that count as originals
 */
export function originalsWithoutResult(
  against: string,
  results: readonly string[],
  namesOf: ResultNames,
  endings: RegExp,
): Source[] {
  const made = new Set(results);
  const originals = findSources([against], { recursive: true, endings, stream: '' });
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
  return new PixrnnError('input-unreadable', `there is ${message}`);
}
