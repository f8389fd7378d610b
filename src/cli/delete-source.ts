import { type BigIntStats, lstatSync, rmSync, statSync } from 'node:fs';
import { fsPath } from '../batch/path-bytes.js';
import { PixrnnError } from '../errors.js';
import { messageOf } from './messages.js';
import { displayTarget, flushName } from './output.js';

/**
 * Rejects a source of which the result does not hold everything. Called before coding.
 * @param leftOut what the reader of the file left out, as sentences without full stop
 * @throws PixrnnError 'input-unsupported'
 */
export function requireNothingLeftOut(leftOut: readonly string[]): void {
  if (leftOut.length === 0) return;
  const what = `--delete-source needs a result that holds all of the source, but ${leftOut.join('; ')}`;
  throw new PixrnnError('input-unsupported', `${what}. Compress it without --delete-source.`);
}

/**
 * Removes a source once its result was read back from the disk and found right.
 * @param stats of the source when it was read: one that was changed since stays
 * @param differenceOf what is wrong with the result, or null; what it throws is wrong with it as well
 * @throws PixrnnError 'output-failed', with the source still there
 */
export async function deleteSource(
  source: string,
  stats: BigIntStats | null,
  output: string,
  differenceOf: () => Promise<string | null>,
): Promise<void> {
  const keep = (what: string, cause?: unknown): never => {
    throw new PixrnnError('output-failed', `${what}: the source is kept. Look at both.`, { cause });
  };
  const difference = await differenceOf().catch(messageOf);
  if (difference !== null) {
    keep(`${displayTarget(output)}, read again from the disk, does not give the source back (${difference})`);
  }
  flushName(output);
  if (!isUnchanged(stats, statSync(fsPath(source), { bigint: true, throwIfNoEntry: false }))) {
    keep('it was changed while it was worked on');
  }
  if (lstatSync(source).isSymbolicLink()) keep('it is a symbolic link');
  try {
    rmSync(fsPath(source));
  } catch (error) {
    keep(`it cannot be removed (${(error as Error).message})`, error);
  }
}

function isUnchanged(before: BigIntStats | null, now: BigIntStats | undefined): boolean {
  if (!before || !now) return false;
  return (['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const).every((field) => before[field] === now[field]);
}
