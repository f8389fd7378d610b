import type { CommandModule } from 'yargs';
import { downsampleFolder } from '../../datasets/downsample.js';
import { PixrnnError } from '../../errors.js';
import { printJson } from '../batch.js';
import { startCount } from '../count-progress.js';
import { escapeControls, formatCount, leftOutLine } from '../messages.js';
import { printing, writing } from '../options.js';

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

export const datasetDownsampleCommand: CommandModule<object, DownsampleArguments> = {
  command: 'downsample <folder>',
  describe: 'Shrink a folder of images, as the down-sampled ImageNet is made',
  builder: (yargs) =>
    yargs
      .positional('folder', { describe: 'Folder of images', type: 'string', demandOption: true })
      .options({
        size: { describe: 'Side of the small images in pixels', type: 'number', requiresArg: true, default: 32 },
        out: {
          describe: 'Folder that they go to, as PNG files',
          type: 'string',
          requiresArg: true,
          demandOption: true,
        },
        force: writing.force,
        ...printing,
      })
      .example('$0 dataset downsample ILSVRC2012/val --size 32 --out val32', 'Then train or report on val32'),
  handler: async ({ folder, size, out, force, quiet, json }) => {
    if (!Number.isInteger(size) || size < 1 || size > LARGEST) {
      throw new PixrnnError('usage', `--size takes a whole number from 1 to ${LARGEST}.`);
    }
    if (typeof out !== 'string' || out === '') throw new PixrnnError('usage', '--out takes one value.');
    const progress = startCount('shrinking', quiet);
    const skipped: string[] = [];
    const written = await downsampleFolder({
      folder,
      out,
      size,
      force,
      onSkip: (name, why) => {
        skipped.push(name);
        process.stderr.write(leftOutLine(name, why));
      },
      onImage: progress.update,
    }).finally(progress.stop);
    if (json) printJson({ folder: out, size, written, leftOut: skipped });
    if (!quiet)
      process.stderr.write(`${formatCount(written)} images of ${size}x${size} are in ${escapeControls(out)}\n`);
  },
};
