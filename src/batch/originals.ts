import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PixrnnError } from '../errors.js';
import { statsOf } from './stats.js';

/**
 * The file that a .prnn file was made from, where the originals lie: `against` itself if it is a file, else the one below that folder
 * that compress would have given this name, and in the same folders.
 * @param below the .prnn file's path below the folder that was named, or its name
 * @param nameOf what compress calls the result of a file
 * @throws PixrnnError 'input-unreadable' where there is none, or more than one
 */
export function findOriginal(against: string, below: string, nameOf: (path: string) => string): string {
  if (statsOf(against)?.isFile()) return against;
  const folder = join(against, dirname(below));
  const names = namesIn(folder).filter((name) => nameOf(name) === basename(below) && name !== basename(below));
  const [first, second] = names.sort();
  if (first === undefined) throw notOne(`no original for it in ${folder}. Check the name that --against gives.`);
  if (second === undefined) return join(folder, first);
  throw notOne(`more than one file in ${folder} may be its original: ${first}, ${second}. Name one with --against.`);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function notOne(message: string): PixrnnError {
  return new PixrnnError('input-unreadable', `there is ${message}`);
}
