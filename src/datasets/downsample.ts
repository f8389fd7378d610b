import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { PixrnnError } from '../errors.js';
import { sharp } from '../node/image/sharp.js';
import { areaDownsample } from './area-downsample.js';
import { imageNames, readConverted } from './image-folder.js';

/** Those that sharp's prebuilt libraries can read. */
const EXTENSIONS = /\.(png|webp|tiff?|jpe?g|gif|avif)$/i;

export interface DownsampleOptions {
  /** Of images. */
  readonly folder: string;
  /** Where the small ones go; it is made where it is not there. */
  readonly out: string;
  /** Side of the small ones in pixels. */
  readonly size: number;
  /** Whether files that are there may be replaced. */
  readonly force: boolean;
  /** Told of each image that is left out, and why ("is smaller than ..."). */
  readonly onSkip: (name: string, why: string) => void;
  readonly onImage?: ((done: number, total: number) => void) | undefined;
}

/**
 * Makes a data set as the down-sampled ImageNet is made: every image of a folder shrunk to size x size by a box filter, in
 * RGB of 8 bits, as PNG. Images that are not square are shrunk more along their longer side, as there: nothing is cut off.
 * (There Pillow's filter takes whole pixels; here those that two parts share are divided, see `areaDownsample`.) Images
 * with a side below `size` are left out. Returns how many were written. Throws `usage`, `input-unreadable`,
 * `output-exists`, `output-failed`; each file is written whole or not at all.
 */
export async function downsampleFolder(options: DownsampleOptions): Promise<number> {
  const { folder, out, size, force, onSkip, onImage } = options;
  const names = await imageNames(folder, EXTENSIONS);
  await orOutputFailed(out, mkdir(out, { recursive: true }));
  if ((await realpath(folder)) === (await realpath(out))) {
    throw new PixrnnError('usage', `${out} is the folder of the images themselves. Name another with --out.`);
  }
  const targets = targetNames(names).map((name) => join(out, name));
  const existing = force ? undefined : targets.find((path) => existsSync(path));
  if (existing !== undefined) {
    throw new PixrnnError(
      'output-exists',
      `${existing} exists. Use --force to replace it, or --out for another folder.`,
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
      `${folder} has no image of at least ${size}x${size}. Name another folder.`,
    );
  }
  return written;
}

/** "a.jpg" becomes "a.png"; where there is one already, "a.jpg.png". */
function targetNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const short = `${basename(name, extname(name))}.png`;
    const target = taken.has(short) ? `${name}.png` : short;
    taken.add(target);
    return target;
  });
}

/** RGB of 8 bits. The file is written synchronously: no signal ends the process while its temporary file is there. */
async function writePng(path: string, samples: Uint8Array, size: number): Promise<void> {
  const png = await sharp(samples, { raw: { width: size, height: size, channels: 3 } })
    .png({ compressionLevel: 9, palette: false })
    .toBuffer();
  const temporary = `${path}.tmp`;
  try {
    writeFileSync(temporary, png);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

async function orOutputFailed(path: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (cause) {
    const why = (cause as Error).message;
    throw new PixrnnError('output-failed', `${path} cannot be written (${why}). Check the folder and the space left.`, {
      cause,
    });
  }
}
