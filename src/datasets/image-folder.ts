import { readdir } from 'node:fs/promises';
import { PixrnnError } from '../errors.js';
import { sharp } from '../node/image/sharp.js';

/** An image that was converted where it had to be: RGB or gray, 8 bit, [height][width][channels]. */
export interface ConvertedImage {
  readonly width: number;
  readonly height: number;
  readonly samples: Uint8Array;
}

/** Names in a folder that end in one of these ways, sorted. Throws `input-unreadable` where there is no folder. */
export async function imageNames(folder: string, endings: RegExp): Promise<string[]> {
  const entries = await readdir(folder).catch((cause: unknown) => {
    throw new PixrnnError('input-unreadable', `cannot read the folder ${folder}. Check the path.`, { cause });
  });
  return entries.filter((entry) => endings.test(entry)).sort();
}

/**
 * The image of a file, or why there is none ("cannot be read as an image (...)"); `refuse` sees the size before anything is
 * decoded, and a PixrnnError that it throws goes through.
 */
export async function readConverted(
  path: string,
  channels: 1 | 3,
  refuse: (size: { width: number; height: number }) => string | null,
): Promise<ConvertedImage | string> {
  try {
    const input = sharp(path, { ignoreIcc: true });
    const refusal = refuse(await input.metadata());
    if (refusal !== null) return refusal;
    const { data, info } = await input
      .removeAlpha()
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== channels) return `has ${info.channels} channels in place of ${channels}`;
    return { width: info.width, height: info.height, samples: new Uint8Array(data) };
  } catch (error) {
    if (error instanceof PixrnnError) throw error;
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return `cannot be read as an image (${reason})`;
  }
}
