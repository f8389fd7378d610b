import { join } from 'node:path';
import { imageNames, readConverted } from '../datasets/image-folder.js';
import { PixrnnError } from '../errors.js';
import type { Random } from './random.js';

/** A training image, interleaved [height][width][channels]. */
export interface TrainingImage {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Bits of a sample; those of one bit are 0 and 1. */
  readonly depth: 1 | 8;
  readonly samples: Uint8Array;
}

/** Those that sharp's prebuilt libraries can read. */
const EXTENSIONS = /\.(png|webp|tiff?|jpe?g|gif)$/i;

/** All images are held in memory; more than this many bytes of samples are refused. */
const MAX_BYTES = 4 * 2 ** 30;

/**
 * Every image of a folder as RGB or gray, 8 bit, in the order of their names. Unlike `compress`, training may convert:
 * what cannot be read, or is smaller than a crop, is left out, and `onSkip` is told why ("is smaller than ..."). Throws
 * `input-unreadable` where there is no folder, `training` where nothing is left, `limit` where the images would take
 * more than `maxBytes` of memory.
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
      `${folder} has no image of at least ${crop}x${crop} to train on. Name another folder.`,
    );
  }
  return images;
}

function tooLarge(folder: string, name: string, before: number, maxBytes: number): PixrnnError {
  const most = maxBytes >= 2 ** 30 ? `${maxBytes / 2 ** 30} GiB` : `${maxBytes} bytes`;
  return new PixrnnError(
    'limit',
    `the images of ${folder} take more than ${most} of memory: ${name} no longer fits after ${before} others. Train on fewer or smaller ones.`,
  );
}

/** A random square crop in one of the first `orientations` orientations, [size][size][channels]. */
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
 * A piece of an image, mirrored left to right where bit 0 of `orientation` is set, top to bottom where bit 1 is, and
 * then transposed where bit 2 is: [height][width][channels], the two exchanged where it is transposed.
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
