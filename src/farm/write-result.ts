import { equalBytes } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import type { FileWork } from './file-work.js';

/**
 * Writes a result, unless the same bytes exist.
 * @throws PixrnnError 'output-exists' if another file exists and may not be replaced
 */
export async function writeResult(
  { run, job, file, target }: FileWork,
  output: string,
  bytes: Uint8Array,
): Promise<'done' | 'exists'> {
  if (target === null) throw new Error('the run has no target');
  const { attributes } = file;
  if ((await target.write(output, bytes, { replace: false, attributes })) === 'written') return 'done';
  const existing = await target.read(output);
  if (equalBytes(existing.bytes, bytes)) return 'exists';
  if (run.options.replace && !job.shared) {
    await target.write(output, bytes, { replace: true, attributes });
    return 'done';
  }
  const what = job.shared
    ? `${output} already exists, and several files of the run would be restored under this name. Rename them`
    : `${output} already exists and differs. Use --force to replace it`;
  throw new PixrnnError('output-exists', `${what}, or another --out-dir.`);
}
