import { shellWord } from '../node/path-text.js';
import { type ManifestEntry, ManifestWriter, parseManifest } from '../batch/manifest.js';
import { PixrnnError } from '../errors.js';
import { readInput, STANDARD_STREAM } from './input.js';
import type { ReadingArguments } from './options.js';

/**
 * Opens the file of `compress --manifest`.
 * @throws PixrnnError 'input-unreadable' if it exists, but is not a manifest
 */
export function openManifest(path: string): ManifestWriter {
  return named(path, () => new ManifestWriter(path));
}

/**
 * Rejects an input that has no name to write, a manifest that is itself an input, and outputs that do not restore the
 * files whose hashes it lists.
 * @throws PixrnnError 'usage'
 */
export function checkManifest(
  paths: readonly string[],
  manifest: string,
  { 'strip-metadata': strips }: Pick<ReadingArguments, 'strip-metadata'>,
): void {
  if (strips) {
    const what = '--manifest lists the hashes of the originals, which --strip-metadata does not restore';
    throw new PixrnnError('usage', `${what}. Remove one of them.`);
  }
  if (paths.includes(STANDARD_STREAM)) {
    throw new PixrnnError('usage', '--manifest needs names, and standard input has none. Name the files.');
  }
  if (!paths.includes(manifest)) return;
  throw new PixrnnError('usage', `--manifest ${shellWord(manifest)} is one of the inputs. Choose another name.`);
}

/**
 * Reads the file of `verify --manifest`.
 * @throws PixrnnError 'input-unreadable'
 */
export async function readManifest(path: string): Promise<ManifestEntry[]> {
  const { bytes } = await readInput(path).catch((error: unknown) => fail(path, error));
  return named(path, () => parseManifest(bytes));
}

function named<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    return fail(path, error);
  }
}

/** Names the manifest in an error, which would otherwise name an image. */
function fail(path: string, error: unknown): never {
  if (!(error instanceof PixrnnError)) throw error;
  throw new PixrnnError(error.code, `--manifest ${shellWord(path)}: ${error.message}`, { cause: error });
}
