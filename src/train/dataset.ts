import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sharp } from '../image/sharp.js';
import { PixrnnError } from '../errors.js';
import type { Random } from './random.js';

/** A training image, interleaved [height][width][channels], 8 bit. */
export interface TrainingImage {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly samples: Uint8Array;
}

const EXTENSIONS = /\.(png|webp|tiff?|jpe?g|gif|bmp)$/i;

/**
 * Every image of a folder as RGB or gray, 8 bit. Unlike `compress`, training may convert: what cannot be read, or is smaller than
 * a crop, is left out and counted by `onSkip`. Throws `input-unreadable` where there is no folder, `training` where nothing
 * is left.
 */
export async function loadFolder(
  folder: string,
  channels: 1 | 3,
  crop: number,
  onSkip: (name: string, why: string) => void,
): Promise<TrainingImage[]> {
  const entries = await readdir(folder).catch((cause: unknown) => {
    throw new PixrnnError('input-unreadable', `cannot read the folder ${folder}. Check the path.`, { cause });
  });
  const names = entries.filter((n) => EXTENSIONS.test(n)).sort();
  const images: TrainingImage[] = [];
  for (const name of names) {
    try {
      const pipeline = sharp(join(folder, name), { ignoreIcc: true }).removeAlpha();
      const { data, info } = await pipeline
        .toColourspace(channels === 1 ? 'b-w' : 'srgb')
        .raw()
        .toBuffer({ resolveWithObject: true });
      if (info.channels !== channels) throw new Error(`has ${info.channels} channels`);
      if (Math.min(info.width, info.height) < crop) throw new Error(`is smaller than a crop of ${crop}`);
      images.push({ name, width: info.width, height: info.height, samples: new Uint8Array(data) });
    } catch (error) {
      onSkip(name, error instanceof Error ? error.message : String(error));
    }
  }
  if (images.length === 0) {
    throw new PixrnnError(
      'training',
      `${folder} has no image of at least ${crop}x${crop} to train on. Name another folder.`,
    );
  }
  return images;
}

/** A random square crop, flipped and transposed at random (eight orientations), [size][size][channels]. */
export function randomCrop(
  images: readonly TrainingImage[],
  size: number,
  channels: number,
  random: Random,
): Uint8Array {
  const image = images[random.below(images.length)] as TrainingImage;
  const left = random.below(image.width - size + 1);
  const top = random.below(image.height - size + 1);
  const orientation = random.below(8);
  const out = new Uint8Array(size * size * channels);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let [u, v] = orientation & 4 ? [y, x] : [x, y];
      if (orientation & 1) u = size - 1 - u;
      if (orientation & 2) v = size - 1 - v;
      const from = ((top + v) * image.width + left + u) * channels;
      const to = (y * size + x) * channels;
      for (let c = 0; c < channels; c++) out[to + c] = image.samples[from + c] as number;
    }
  }
  return out;
}
