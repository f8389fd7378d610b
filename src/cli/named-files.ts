import { expandWildcards } from '../batch/wildcards.js';

/** The files that names and patterns stand for, for commands that take no folders: `findSources` is for the others. */
export function namedFiles(names: readonly string[]): string[] {
  return names.flatMap((name) => expandWildcards(name).map(({ path }) => path));
}
