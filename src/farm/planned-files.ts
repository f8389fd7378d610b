import {
  fullResultName,
  IMAGE_EXTENSIONS,
  PRNN_EXTENSION,
  resultName,
  sourceExtensions,
} from '../batch/output-names.js';
import type { PlannedFile } from './jobs.js';
import { RepeatedKeys } from './repeated-keys.js';
import type { Run } from './run.js';
import type { FoundFile, Storage } from './storage.js';

/**
 * Yields the files of a run with the names of their outputs, in any order. The listing is read twice and never held: the first time to find
 * names that may collide. Only these are held, and get the names that one process would give them: `photo.png.prnn` and `photo.tif.prnn`
 * instead of `photo.prnn`.
 */
export async function* plannedFiles({ command, options }: Run, source: Storage): AsyncIterable<PlannedFile> {
  const extensions = command === 'compress' ? sourceExtensions(options.allowLossySource ?? false) : PRNN_EXTENSION;
  const files = (): AsyncIterable<FoundFile> => source.list((name) => extensions.test(name));
  if (command === 'verify') {
    for await (const file of files()) yield { ...file, output: null, shared: false };
    return;
  }
  const namesOf = command === 'compress' ? resultNames : restoredNames;
  const keys = new RepeatedKeys();
  for await (const { name } of files()) namesOf(name).forEach((key) => keys.add(key));
  const colliding: FoundFile[] = [];
  for await (const file of files()) {
    if (namesOf(file.name).some((key) => keys.mayRepeat(key))) colliding.push(file);
    else yield { ...file, output: command === 'compress' ? resultName(file.name) : null, shared: false };
  }
  if (command === 'compress') yield* withFullNames(colliding);
  else yield* colliding.map((file) => ({ ...file, output: null, shared: true }));
}

/** The names that the result of a source may have. */
function resultNames(name: string): string[] {
  return [resultName(name), fullResultName(name)];
}

/** The names, without their last extensions, that the image of a .prnn file may have. */
function restoredNames(name: string): string[] {
  const restored = name.replace(PRNN_EXTENSION, '');
  return [...new Set([restored, restored.replace(IMAGE_EXTENSIONS, '')])];
}

/** Gives full names to the files whose results would share a name, until none do. */
function withFullNames(files: readonly FoundFile[]): PlannedFile[] {
  const outputs = new Map(files.map((file) => [file, resultName(file.name)]));
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    const counts = new Map<string, number>();
    for (const output of outputs.values()) counts.set(output, (counts.get(output) ?? 0) + 1);
    for (const [file, output] of outputs) {
      const full = fullResultName(file.name);
      if (counts.get(output) === 1 || output === full) continue;
      outputs.set(file, full);
      isChanged = true;
    }
  }
  return [...outputs].map(([file, output]) => ({ ...file, output, shared: false }));
}
