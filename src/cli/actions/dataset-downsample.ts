import { downsampleFolder } from '../../datasets/downsample.js';
import { PixrnnError } from '../../errors.js';
import { printJson } from '../batch.js';
import { startCount } from '../count-progress.js';
import { escapeControls, formatNumber, leftOutLine } from '../messages.js';
import { checkFolder } from '../output.js';
import { standard } from '../streams.js';

interface DownsampleArguments {
  folder: string;
  size: number;
  out: string;
  force: boolean;
  quiet: boolean;
  json: boolean;
}

/** More is no small image. */
const LARGEST = 1024;

/** `pixrnn dataset downsample`. */
export async function downsample({ folder, size, out, force, quiet, json }: DownsampleArguments): Promise<void> {
  if (!Number.isInteger(size) || size < 1 || size > LARGEST) {
    throw new PixrnnError('usage', `--size takes a whole number from 1 to ${LARGEST}.`);
  }
  checkFolder(out);
  const progress = startCount('shrinking', quiet);
  const skipped: string[] = [];
  const written = await downsampleFolder({
    folder,
    out,
    size,
    force,
    onSkip: (name, why) => {
      skipped.push(name);
      standard.stderr.write(leftOutLine(name, why));
    },
    onImage: progress.update,
  }).finally(progress.stop);
  if (json) printJson({ folder: out, size, written, leftOut: skipped });
  if (!quiet)
    standard.stderr.write(`${formatNumber(written, 'image')} of ${size}x${size} written to ${escapeControls(out)}\n`);
}
