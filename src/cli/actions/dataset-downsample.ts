import { shellWord } from '../../node/path-text.js';
import { downsampleFolder } from '../../datasets/downsample.js';
import { PixrnnError } from '../../errors.js';
import { printJson } from '../batch.js';
import { startCount } from '../count-progress.js';
import { formatNumber, skippedLine } from '../messages.js';
import { checkFolder } from '../output.js';
import { standard } from '../streams.js';

interface DownsampleArguments {
  directory: string;
  size: number;
  out: string;
  force: boolean;
  quiet: boolean;
  json: boolean;
}

/** Maximum of --size. */
const MAX_SIZE = 1024;

/** `pixrnn dataset downsample`. */
export async function downsample({ directory, size, out, force, quiet, json }: DownsampleArguments): Promise<void> {
  if (!Number.isInteger(size) || size < 1 || size > MAX_SIZE) {
    throw new PixrnnError('usage', `--size must be an integer from 1 to ${MAX_SIZE}.`);
  }
  checkFolder(out);
  const progress = startCount('downsampling', quiet);
  const skipped: string[] = [];
  const written = await downsampleFolder({
    folder: directory,
    out,
    size,
    force,
    onSkip: (name, why) => {
      skipped.push(name);
      standard.stderr.write(skippedLine(name, why));
    },
    onImage: progress.update,
  }).finally(progress.stop);
  if (json) printJson({ folder: out, size, written, leftOut: skipped });
  if (!quiet)
    standard.stderr.write(`${formatNumber(written, 'image')} of ${size}x${size} written to ${shellWord(out)}\n`);
}
