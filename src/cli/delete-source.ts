import { type BigIntStats, lstatSync, rmSync, statSync } from 'node:fs';
import { flushName } from '../batch/flush-name.js';
import { fsPath } from '../batch/path-bytes.js';
import { PixrnnError } from '../errors.js';
import { untilFree } from '../node/write-atomically.js';
import { messageOf } from './messages.js';
import { displayTarget } from './output.js';

/**
 * Rejects a source whose output would not contain all of its data. Called before coding.
 * @param leftOut the warnings of the image reader, without full stops
 * @throws PixrnnError 'input-unsupported'
 */
export function requireNothingLeftOut(leftOut: readonly string[]): void {
  if (leftOut.length === 0) return;
  const what = `--delete-source would lose data: ${leftOut.join('; ')}`;
  throw new PixrnnError('input-unsupported', `${what}. Compress it without --delete-source.`);
}

/**
 * Rejects a result that does not restore the source itself. Called after it has been written.
 * @throws PixrnnError 'output-failed': the source is kept
 */
export function requireRestored({ restores }: { readonly restores: 'file' | 'pixels' }): void {
  if (restores === 'file') return;
  const what = 'the result restores samples and metadata, not the file itself: the source is kept';
  throw new PixrnnError('output-failed', `${what}. Compress it with --exact, or with --pixels if that is enough.`);
}

/**
 * Deletes a source after reading its output back from disk and comparing.
 * @param stats of the source when it was read; a source that has changed since is kept
 * @param differenceOf returns how the output differs, or null; may throw instead
 * @throws PixrnnError 'output-failed' if the source is kept
 */
export async function deleteSource(
  source: string,
  stats: BigIntStats | null,
  output: string,
  differenceOf: () => Promise<string | null>,
): Promise<void> {
  const reject = (why: string, cause?: unknown): never => {
    throw new PixrnnError('output-failed', `${why}: the source is kept. Check both files.`, { cause });
  };
  const difference = await differenceOf().catch(messageOf);
  if (difference !== null) {
    reject(`${displayTarget(output)}, read back from disk, does not match the source (${difference})`);
  }
  flushName(output);
  if (!isUnchanged(stats, statSync(fsPath(source), { bigint: true, throwIfNoEntry: false }))) {
    reject('it changed while it was being processed');
  }
  if (lstatSync(source).isSymbolicLink()) reject('it is a symbolic link');
  try {
    await untilFree(() => rmSync(fsPath(source)));
  } catch (error) {
    reject(`it cannot be deleted (${(error as Error).message})`, error);
  }
}

function isUnchanged(before: BigIntStats | null, now: BigIntStats | undefined): boolean {
  if (!before || !now) return false;
  return (['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const).every((field) => before[field] === now[field]);
}
