import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { PixrnnError } from '../errors.js';
import type { Source } from './sources.js';

/** A file to work on and where its result goes. */
export interface Task extends Source {
  /** A file, or `-` for standard output. */
  readonly output: string;
}

/** Where results go: beside their sources, or below a folder as the sources are below theirs. */
export function planOutputs(
  sources: readonly Source[],
  nameOf: (path: string) => string,
  folder: string | undefined,
): Task[] {
  return sources.map((source) => ({
    ...source,
    output: folder === undefined ? nameOf(source.path) : join(folder, nameOf(source.below)),
  }));
}

/**
 * Refuses a list in which two sources have the same result, also through symbolic links. Names that differ in nothing but capitals are the same on the file systems of
 * Windows and macOS. A result that is another source is refused, too: it would destroy that.
 * @throws PixrnnError 'usage'
 */
export function refuseCollisions(tasks: readonly Task[], show: (path: string) => string): void {
  const ignoresCase = process.platform === 'win32' || process.platform === 'darwin';
  const sourceOf = new Map<string, string>();
  const keyOf = (path: string): string => (ignoresCase ? fileOf(path).toLowerCase() : fileOf(path));
  const sources = new Map(tasks.map(({ path }) => [keyOf(path), path]));
  for (const { path, output } of tasks) {
    const key = keyOf(output);
    const replaced = sources.get(key);
    if (replaced !== undefined && replaced !== path) {
      const what = `the result of ${show(path)} would replace ${show(replaced)}, which is an input, too`;
      throw new PixrnnError('usage', `${what}. Rename it, or use --out-dir.`);
    }
    const other = sourceOf.get(key);
    if (other !== undefined) {
      const what = `${show(other)} and ${show(path)} would both become ${show(output)}`;
      throw new PixrnnError('usage', `${what}. Rename one of them, or give them in two runs with different --out-dir.`);
    }
    sourceOf.set(key, path);
  }
}

/** The absolute path of the file that writing to a path replaces or creates, symbolic links resolved. */
function fileOf(path: string): string {
  const real = (of: string): string | null => {
    try {
      return realpathSync(of);
    } catch {
      return null; // not there yet
    }
  };
  return real(path) ?? join(real(dirname(path)) ?? resolve(dirname(path)), basename(path));
}
