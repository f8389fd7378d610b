import { imageName } from '../../batch/output-names.js';
import { PixrnnError } from '../../errors.js';
import { thumbnail } from '../../node/thumbnail.js';
import { inFile } from '../images-to-complete.js';
import { readInput } from '../input.js';
import { displayName, formatBytes } from '../messages.js';
import { type DecodingArguments, decodingLimits, type LimitingArguments, type WritingArguments } from '../options.js';
import { checkTarget, displayTarget, type Target, writeTarget } from '../output.js';
import { standard } from '../streams.js';

interface ThumbnailArguments extends LimitingArguments, DecodingArguments, WritingArguments {
  file: string;
  size: number;
  quiet: boolean;
}

/** Sides of freedesktop's largest thumbnails. */
const MAX_SIDE = 1024;

/** `pixrnn thumbnail`. */
export async function writeThumbnail(args: ThumbnailArguments): Promise<void> {
  const { file, size, force } = args;
  if (!(Number.isInteger(size) && size >= 1 && size <= MAX_SIDE)) {
    throw new PixrnnError('usage', `--size must be an integer from 1 to ${MAX_SIDE}.`);
  }
  const path = args.output ?? imageName(file, '.thumbnail.png');
  const bytes = await inFile(file, async () => {
    const input = await readInput(file);
    const target: Target = { path, force, source: input.stats, inPlace: true };
    checkTarget(target);
    const png = await thumbnail(input.bytes, size, decodingLimits(args));
    await writeTarget(target, png);
    return png.length;
  });
  if (!args.quiet) standard.stderr.write(`${displayName(file)} -> ${displayTarget(path)}  ${formatBytes(bytes)}\n`);
}
