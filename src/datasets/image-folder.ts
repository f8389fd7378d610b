import { readdir } from 'node:fs/promises';
import { shellWord } from '../node/path-text.js';
import { PixrnnError } from '../errors.js';
import { sharp } from '../node/image/sharp.js';

/** An image converted to 8-bit RGB or gray, [height][width][channels]. */
export interface ConvertedImage {
  readonly width: number;
  readonly height: number;
  readonly samples: Uint8Array;
}

/** Returns the sorted names in a directory that match `pattern`. Throws `input-unreadable` if the directory cannot be read. */
export async function imageNames(folder: string, pattern: RegExp): Promise<string[]> {
  const entries = await readdir(folder).catch((cause: unknown) => {
    throw new PixrnnError(
      'input-unreadable',
      `the directory ${shellWord(folder)} cannot be read. Check the path and its permissions.`,
      { cause },
    );
  });
  return entries.filter((entry) => pattern.test(entry)).sort();
}

/**
 * Returns the image of a file, or the reason why it is rejected ("cannot be read as an image (...)"). `refuse` receives the
 * size before decoding and returns a reason to reject the image or null; a PixrnnError that it throws is passed on.
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
    if (info.channels !== channels) return `has ${info.channels} channels, not ${channels}`;
    return { width: info.width, height: info.height, samples: new Uint8Array(data) };
  } catch (error) {
    if (error instanceof PixrnnError) throw error;
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return `cannot be read as an image (${reason})`;
  }
}
