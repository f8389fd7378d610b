import { shellWord } from '../node/path-text.js';
import { equalBytes } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import type { Coded, FileWork } from './file-work.js';

/** The size of an image. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
  /** Absent if the samples were not decoded. */
  readonly channels?: number | undefined;
}

/** Channels of most images whose number is not known. */
const USUAL_CHANNELS = 3;

/** Returns the outcome for an image that was coded. */
export function coded(
  status: Coded['status'],
  output: string | null,
  bytes: number,
  { width, height, channels = USUAL_CHANNELS }: ImageSize,
): Coded {
  const pixels = width * height;
  return { status, output, bytes, pixels, samples: pixels * channels };
}

/**
 * Writes a result, unless the same bytes exist.
 * @throws PixrnnError 'output-exists' if another file exists and may not be replaced
 */
export async function writeResult(
  { run, job, file, target }: FileWork,
  output: string | null,
  bytes: Uint8Array,
  size: ImageSize,
): Promise<Coded> {
  if (target === null || output === null) throw new PixrnnError('usage', 'the job names no output. Submit it again.');
  const { attributes } = file;
  const done = (status: Coded['status']): Coded => coded(status, output, bytes.length, size);
  if ((await target.write(output, bytes, { replace: false, attributes })) === 'written') return done('done');
  const existing = await target.read(output);
  if (equalBytes(existing.bytes, bytes)) return done('exists');
  if (run.options.replace && !job.shared) {
    await target.write(output, bytes, { replace: true, attributes });
    return done('done');
  }
  const what = job.shared
    ? `${shellWord(output)} already exists, and several files of the run would get this name. Rename them`
    : `${shellWord(output)} already exists and differs. Use --force to replace it`;
  throw new PixrnnError('output-exists', `${what}, or use another --out-dir.`);
}
