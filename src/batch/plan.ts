import { basename, dirname, join, resolve } from 'node:path';
import { slashed } from '../node/path-text.js';
import { PixrnnError } from '../errors.js';
import { foldName, ignoresCase } from './ignores-case.js';
import { realPath } from './path-bytes.js';
import type { Source } from './sources.js';

/** A file to process and its output. */
export interface Task extends Source {
  /** A file, or `-` for standard output. */
  readonly output: string;
}

/** Returns the name of an output for the name of its source, whose directories differ from those of its path. */
export type NameOf = (name: string, path: string) => string;

/** How outputs are named. */
export interface OutputNames {
  readonly nameOf: NameOf;
  /** The name for sources whose outputs would have the same `nameOf`; it keeps the source's extension. */
  readonly fullNameOf: NameOf;
  /** The output directory, in which the subdirectories of the sources are recreated; undefined: next to each source. */
  readonly folder: string | undefined;
  /** Whether several outputs may share a path: the null device. */
  readonly discards: (output: string) => boolean;
}

/**
 * Plans the outputs of a list. Sources that would have the same output get full names, `photo.png.prnn` and `photo.tif.prnn`. If these collide
 * too, all their sources fail, and so does a source whose output would replace another source.
 * @param show returns a path as messages show it
 */
export function planOutputs(sources: readonly Source[], names: OutputNames, show: (path: string) => string): Task[] {
  const { nameOf, fullNameOf, folder, discards } = names;
  const outputOf = ({ path, below }: Source, name: NameOf): string =>
    folder === undefined ? name(path, path) : slashed(join(folder, name(below, path)));
  const keyOf = fileKeys();
  const inputs = new Map(sources.map(({ path }) => [keyOf(path), path]));
  let tasks: Task[] = sources.map((source) => ({ ...source, output: outputOf(source, nameOf) }));
  // A full name may be the usual name of another source (`photo.png.tif`). Ends, because every round makes at least one name full.
  for (;;) {
    const sharing = sourcesByOutput(
      tasks.filter(({ output }) => !discards(output)),
      keyOf,
    );
    const isChanged = (task: Task): boolean =>
      (sharing.get(keyOf(task.output))?.length ?? 0) > 1 && task.output !== outputOf(task, fullNameOf);
    if (!tasks.some(isChanged))
      return tasks.map((task) => refuseTaken(task, keyOf(task.output), sharing, inputs, show));
    tasks = tasks.map((task) => (isChanged(task) ? { ...task, output: outputOf(task, fullNameOf) } : task));
  }
}

function refuseTaken(
  task: Task,
  key: string,
  sharing: ReadonlyMap<string, readonly string[]>,
  inputs: ReadonlyMap<string, string>,
  show: (path: string) => string,
): Task {
  if (task.fault !== null) return task;
  const reject = (message: string): Task => ({ ...task, fault: new PixrnnError('usage', message) });
  const replaced = inputs.get(key);
  if (replaced !== undefined && replaced !== task.path) {
    return reject(`the output ${show(task.output)} is another input. Rename one of them, or use --out-dir.`);
  }
  const other = sharing.get(key)?.find((path) => path !== task.path);
  if (other === undefined) return task;
  const what = `${show(other)} would also be written to ${show(task.output)}`;
  return reject(`${what}. Rename one of them, or run them separately with different --out-dir.`);
}

function sourcesByOutput(tasks: readonly Task[], keyOf: (path: string) => string): Map<string, string[]> {
  const sources = new Map<string, string[]>();
  for (const { path, output } of tasks) {
    const key = keyOf(output);
    const others = sources.get(key);
    if (others) others.push(path);
    else sources.set(key, [path]);
  }
  return sources;
}

/** Returns a function from paths to the keys that identify their files. Each path is resolved on disk once. */
function fileKeys(): (path: string) => string {
  const keys = new Map<string, string>();
  const folders = new Map<string, boolean>();
  const ignoresCaseIn = (folder: string): boolean => {
    const known = folders.get(folder) ?? ignoresCase(folder);
    folders.set(folder, known);
    return known;
  };
  return (path) => {
    const known = keys.get(path);
    if (known !== undefined) return known;
    const file = fileOf(path);
    const key = ignoresCaseIn(dirname(file)) ? foldName(file) : file;
    keys.set(path, key);
    return key;
  };
}

/** Returns the absolute path of the file that writing to a path replaces or creates, with symbolic links resolved. */
function fileOf(path: string): string {
  const real = (of: string): string | null => {
    try {
      return realPath(of);
    } catch {
      return null; // does not exist yet
    }
  };
  return real(path) ?? join(real(dirname(path)) ?? resolve(dirname(path)), basename(path));
}
