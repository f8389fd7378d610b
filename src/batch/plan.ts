import { basename, dirname, join, resolve } from 'node:path';
import { PixrnnError } from '../errors.js';
import { realPath } from './path-bytes.js';
import type { Source } from './sources.js';

/** A file to work on and where its result goes. */
export interface Task extends Source {
  /** A file, or `-` for standard output. */
  readonly output: string;
}

/** How results are named. */
export interface OutputNames {
  readonly nameOf: (path: string) => string;
  /** The name for sources that `nameOf` would give the same result: one that keeps the source's ending. */
  readonly fullNameOf: (path: string) => string;
  /** Where results go: below this directory as the sources are below theirs, or next to their sources. */
  readonly folder: string | undefined;
  /** Whether any number of results may go to an output: the null device. */
  readonly discards: (output: string) => boolean;
}

/**
 * The outputs of a list. Sources that would have the same result get their full names, `photo.png.prnn` and `photo.tif.prnn`; where these
 * collide, too, all sources of that result fail, and so does one whose result would replace another source.
 * @param show a path as messages show it
 */
export function planOutputs(sources: readonly Source[], names: OutputNames, show: (path: string) => string): Task[] {
  const { nameOf, fullNameOf, folder, discards } = names;
  const outputOf = ({ path, below }: Source, name: (path: string) => string): string =>
    folder === undefined ? name(path) : join(folder, name(below));
  const inputs = new Map(sources.map(({ path }) => [keyOf(path), path]));
  let tasks: Task[] = sources.map((source) => ({ ...source, output: outputOf(source, nameOf) }));
  // A full name may be the usual one of another source (`photo.png.tif`): every round makes at least one name full.
  for (;;) {
    const sharing = sourcesByOutput(tasks.filter(({ output }) => !discards(output)));
    const isChanged = (task: Task): boolean =>
      (sharing.get(keyOf(task.output))?.length ?? 0) > 1 && task.output !== outputOf(task, fullNameOf);
    if (!tasks.some(isChanged)) return tasks.map((task) => refuseTaken(task, sharing, inputs, show));
    tasks = tasks.map((task) => (isChanged(task) ? { ...task, output: outputOf(task, fullNameOf) } : task));
  }
}

function refuseTaken(
  task: Task,
  sharing: ReadonlyMap<string, readonly string[]>,
  inputs: ReadonlyMap<string, string>,
  show: (path: string) => string,
): Task {
  if (task.fault !== null) return task;
  const key = keyOf(task.output);
  const refuse = (what: string): Task => ({ ...task, fault: new PixrnnError('usage', what) });
  const replaced = inputs.get(key);
  if (replaced !== undefined && replaced !== task.path) {
    return refuse(`the output ${show(task.output)} is another input. Rename one of them, or use --out-dir.`);
  }
  const other = sharing.get(key)?.find((path) => path !== task.path);
  if (other === undefined) return task;
  const what = `${show(other)} would be written to ${show(task.output)} too`;
  return refuse(`${what}. Rename one of them, or run them separately with different --out-dir.`);
}

function sourcesByOutput(tasks: readonly Task[]): Map<string, string[]> {
  const sources = new Map<string, string[]>();
  for (const { path, output } of tasks) {
    const key = keyOf(output);
    const others = sources.get(key);
    if (others) others.push(path);
    else sources.set(key, [path]);
  }
  return sources;
}

/** Names that differ only in case are the same on the file systems of Windows and macOS. */
function keyOf(output: string): string {
  const ignoresCase = process.platform === 'win32' || process.platform === 'darwin';
  return ignoresCase ? fileOf(output).toLowerCase() : fileOf(output);
}

/** The absolute path of the file that writing to a path replaces or creates, symbolic links resolved. */
function fileOf(path: string): string {
  const real = (of: string): string | null => {
    try {
      return realPath(of);
    } catch {
      return null; // not there yet
    }
  };
  return real(path) ?? join(real(dirname(path)) ?? resolve(dirname(path)), basename(path));
}
