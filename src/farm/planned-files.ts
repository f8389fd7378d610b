import {
  fullResultName,
  IMAGE_EXTENSIONS,
  PRNN_EXTENSION,
  resultName,
  sourceExtensions,
} from '../batch/output-names.js';
import type { PlannedFile } from './jobs.js';
import { hashOf, RepeatedKeys } from './repeated-keys.js';
import type { Run } from './run.js';
import type { FoundFile, RunStorages, Storage } from './storage.js';

/** Files to hold at a time. */
const HELD = 50_000;

/**
 * Yields the files of a run with the names of their outputs, in any order. The listing is streamed: its names are read once to find those that
 * may collide, and a second time with sizes and versions. Colliding sources get the names that one process would give them, `photo.png.prnn` and
 * `photo.tif.prnn` instead of `photo.prnn`. For these, groups of names are held; more listings are read where there are more than `held` of them.
 */
export async function* plannedFiles(
  run: Run,
  { source, target }: RunStorages,
  held = HELD,
): AsyncIterable<PlannedFile> {
  const { command, options } = run;
  const extensions = command === 'compress' ? sourceExtensions(options.allowLossySource ?? false) : PRNN_EXTENSION;
  const isSource = (name: string): boolean => extensions.test(name);
  if (command === 'verify') {
    for await (const file of source.list(isSource)) yield { ...file, output: null, shared: false };
    return;
  }
  const keyOf = (name: string): string => target?.keyOf(name) ?? name;
  const keysOf = (name: string): string[] => {
    const names = command === 'compress' ? resultNames(name) : restoredNames(name);
    return [...new Set(names.map(keyOf))];
  };
  const keys = new RepeatedKeys();
  await visitNames(source, (name) => {
    if (isSource(name)) keysOf(name).forEach((key) => keys.add(key));
  });
  const mayCollide = (name: string): boolean => keysOf(name).some((key) => keys.mayRepeat(key));
  let count = 0;
  let colliding: FoundFile[] = [];
  for await (const file of source.list(isSource)) {
    const collides = mayCollide(file.name);
    if (command === 'decompress') yield { ...file, output: null, shared: collides };
    else if (!collides) yield { ...file, output: resultName(file.name), shared: false };
    else if (++count <= held) colliding.push(file);
    else colliding = [];
  }
  if (count <= held) return yield* withFullNames(colliding, keyOf);
  const parts = Math.ceil(count / held);
  for (let part = 0; part < parts; part++) {
    const accepts = (name: string): boolean =>
      isSource(name) && mayCollide(name) && partOf(keyOf(name), parts) === part;
    const files: FoundFile[] = [];
    for await (const file of source.list(accepts)) files.push(file);
    yield* withFullNames(files, keyOf);
  }
}

/** Visits the names of all files. None is accepted, so that a directory does not look up their sizes. */
async function visitNames(source: Storage, visit: (name: string) => void): Promise<void> {
  const none = source.list((name) => {
    visit(name);
    return false;
  });
  for await (const { name } of none) throw new Error(`${name} was not accepted`);
}

/** Returns the part of a name. Names whose results may collide differ only in their image extensions, so they are in one part. */
function partOf(name: string, parts: number): number {
  let stem = name;
  while (IMAGE_EXTENSIONS.test(stem)) stem = stem.replace(IMAGE_EXTENSIONS, '');
  return hashOf(stem) % parts;
}

/** The names that the result of a source may have. */
function resultNames(name: string): string[] {
  return [resultName(name), fullResultName(name)];
}

/** The names, without their last extensions, that the image of a .prnn file may have. */
function restoredNames(name: string): string[] {
  const restored = name.replace(PRNN_EXTENSION, '');
  return [restored, restored.replace(IMAGE_EXTENSIONS, '')];
}

/** Gives full names to the files whose results would share a name, until none can be made longer. */
function withFullNames(files: readonly FoundFile[], keyOf: (name: string) => string): PlannedFile[] {
  const outputs = new Map(files.map((file) => [file, resultName(file.name)]));
  for (;;) {
    const counts = new Map<string, number>();
    for (const output of outputs.values()) counts.set(keyOf(output), (counts.get(keyOf(output)) ?? 0) + 1);
    const isShared = (output: string): boolean => counts.get(keyOf(output)) !== 1;
    const longer = [...outputs].filter(([file, output]) => isShared(output) && output !== fullResultName(file.name));
    if (longer.length === 0)
      return [...outputs].map(([file, output]) => ({ ...file, output, shared: isShared(output) }));
    for (const [file] of longer) outputs.set(file, fullResultName(file.name));
  }
}
