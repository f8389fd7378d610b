import { existsSync } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { shellWord, slashed } from '../node/path-text.js';
import { writeFileThrough } from '../node/write-atomically.js';
import { PixrnnError } from '../errors.js';
import { sharp } from '../node/image/sharp.js';
import { areaDownsample } from './area-downsample.js';
import { imageNames, readConverted } from './image-folder.js';

/** Formats that the prebuilt sharp can read. */
const EXTENSIONS = /\.(png|webp|tiff?|jpe?g|gif|avif)$/i;

export interface DownsampleOptions {
  /** Directory of the source images. */
  readonly folder: string;
  /** Output directory; created if missing. */
  readonly out: string;
  /** Side of the output images in pixels. */
  readonly size: number;
  /** Whether to replace existing files. */
  readonly force: boolean;
  /** Called for each skipped image, with the reason ("is smaller than ..."). */
  readonly onSkip: (name: string, why: string) => void;
  readonly onImage?: ((done: number, total: number) => void) | undefined;
}

/**
 * Makes a data set like the downsampled ImageNet: downsamples every image of a directory to size x size with a box
 * filter and writes it as an 8-bit RGB PNG file. As there, images that are not square are distorted, not cropped. (Unlike
 * Pillow's filter, which uses whole pixels, `areaDownsample` divides pixels that two parts share.) Images with a side below
 * `size` are skipped. Returns the number of files written; each is written atomically. Throws `usage`, `input-unreadable`,
 * `output-exists`, `output-failed`.
 */
export async function downsampleFolder(options: DownsampleOptions): Promise<number> {
  const { folder, out, size, force, onSkip, onImage } = options;
  const names = await imageNames(folder, EXTENSIONS);
  await orOutputFailed(out, mkdir(out, { recursive: true }));
  if ((await realpath(folder)) === (await realpath(out))) {
    throw new PixrnnError(
      'usage',
      `${shellWord(out)} is the directory of the source images. Name another one with --out.`,
    );
  }
  const targets = targetNames(names).map((name) => slashed(join(out, name)));
  const existing = force ? undefined : targets.find((path) => existsSync(path));
  if (existing !== undefined) {
    throw new PixrnnError(
      'output-exists',
      `${shellWord(existing)} already exists. Use --force to replace it, or --out to write to another directory.`,
    );
  }
  let written = 0;
  for (const [i, name] of names.entries()) {
    const image = await readConverted(join(folder, name), 3, ({ width, height }) =>
      Math.min(width, height) < size ? `is smaller than ${size}x${size}` : null,
    );
    if (typeof image === 'string') onSkip(name, image);
    else {
      await orOutputFailed(targets[i]!, writePng(targets[i]!, areaDownsample({ ...image, channels: 3 }, size), size));
      written++;
    }
    onImage?.(i + 1, names.length);
  }
  if (written === 0) {
    throw new PixrnnError(
      'input-unreadable',
      `${shellWord(folder)} contains no images of at least ${size}x${size}. Name another directory.`,
    );
  }
  return written;
}

/** Returns the output names: "a.jpg" becomes "a.png", or "a.jpg.png" if "a.png" is taken. */
function targetNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const short = `${basename(name, extname(name))}.png`;
    const target = taken.has(short) ? `${name}.png` : short;
    taken.add(target);
    return target;
  });
}

/** Writes 8-bit RGB samples. */
async function writePng(path: string, samples: Uint8Array, size: number): Promise<void> {
  const png = await sharp(samples, { raw: { width: size, height: size, channels: 3 } })
    .png({ compressionLevel: 9, palette: false })
    .toBuffer();
  await writeFileThrough(`${path}.tmp`, path, png);
}

async function orOutputFailed(path: string, writing: Promise<unknown>): Promise<void> {
  try {
    await writing;
  } catch (cause) {
    const why = (cause as Error).message;
    throw new PixrnnError(
      'output-failed',
      `${shellWord(path)} cannot be written (${why}). Check the permissions and the free space.`,
      {
        cause,
      },
    );
  }
}
