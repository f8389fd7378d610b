import { join } from 'node:path';
import { shellWord } from '../node/path-text.js';
import { imageNames, readConverted } from '../datasets/image-folder.js';
import { PixrnnError } from '../errors.js';
import type { Random } from './random.js';

/** A training image, interleaved [height][width][channels]. */
export interface TrainingImage {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Bits per sample; 1-bit samples are 0 or 1. */
  readonly depth: 1 | 8;
  readonly samples: Uint8Array;
}

/** Formats that the prebuilt sharp can read. */
const EXTENSIONS = /\.(png|webp|tiff?|jpe?g|gif)$/i;

/** Maximum size of all images in memory, in bytes of samples. */
const MAX_BYTES = 4 * 2 ** 30;

/**
 * Loads every image of a directory as 8-bit RGB or gray, sorted by name. Unlike `compress`, training may convert images.
 * Images that cannot be read or are smaller than a crop are skipped, and `onSkip` is called with the reason ("is smaller
 * than ..."). Throws `input-unreadable` if the directory cannot be read, `training` if no image is left, `limit` if the
 * images need more than `maxBytes` of memory.
 */
export async function loadFolder(
  folder: string,
  channels: 1 | 3,
  crop: number,
  onSkip: (name: string, why: string) => void,
  maxBytes = MAX_BYTES,
): Promise<TrainingImage[]> {
  const images: TrainingImage[] = [];
  let bytes = 0;
  for (const name of await imageNames(folder, EXTENSIONS)) {
    const image = await readConverted(join(folder, name), channels, ({ width, height }) => {
      if (Math.min(width, height) < crop) return `is smaller than a crop of ${crop}`;
      bytes += width * height * channels;
      if (bytes > maxBytes) throw tooLarge(folder, name, images.length, maxBytes);
      return null;
    });
    if (typeof image === 'string') onSkip(name, image);
    else images.push({ name, depth: 8, ...image });
  }
  if (images.length === 0) {
    throw new PixrnnError(
      'training',
      `${shellWord(folder)} contains no images of at least ${crop}x${crop} to train on. Name another directory.`,
    );
  }
  return images;
}

function tooLarge(folder: string, name: string, before: number, maxBytes: number): PixrnnError {
  const limit = maxBytes >= 2 ** 30 ? `${maxBytes / 2 ** 30} GiB` : `${maxBytes} bytes`;
  return new PixrnnError(
    'limit',
    `the images of ${shellWord(folder)} need more than ${limit} of memory: ${name} no longer fits after ${before} others. Train on fewer or smaller images.`,
  );
}

/** Returns a random square crop in one of the first `orientations` orientations, [size][size][channels]. */
export function randomCrop(
  images: readonly TrainingImage[],
  size: number,
  channels: number,
  random: Random,
  orientations: number,
): Uint8Array {
  const image = images[random.below(images.length)] as TrainingImage;
  const left = random.below(image.width - size + 1);
  const top = random.below(image.height - size + 1);
  return orientedPiece(image, { left, top, width: size, height: size }, random.below(orientations), channels).samples;
}

/**
 * Returns a piece of an image, [height][width][channels], mirrored horizontally if bit 0 of `orientation` is set, vertically
 * if bit 1 is set, and then transposed if bit 2 is set, which exchanges width and height.
 */
export function orientedPiece(
  image: TrainingImage,
  piece: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  orientation: number,
  channels: number,
): { readonly width: number; readonly height: number; readonly samples: Uint8Array } {
  const transposed = (orientation & 4) !== 0;
  const [width, height] = transposed ? [piece.height, piece.width] : [piece.width, piece.height];
  const samples = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let [u, v] = transposed ? [y, x] : [x, y];
      if (orientation & 1) u = piece.width - 1 - u;
      if (orientation & 2) v = piece.height - 1 - v;
      const from = ((piece.top + v) * image.width + piece.left + u) * channels;
      const to = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) samples[to + c] = image.samples[from + c] as number;
    }
  }
  return { width, height, samples };
}
