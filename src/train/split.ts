import { counted } from '../counted.js';
import { PixrnnError } from '../errors.js';
import type { TrainingImage } from './dataset.js';

/** Training images and held-out images. */
export interface Split {
  readonly training: readonly TrainingImage[];
  readonly heldOut: readonly TrainingImage[];
  /** Held-out names that no image has. */
  readonly missing: readonly string[];
}

/** Maximum size of the names in a checkpoint; its header, JSON in JSON, is limited to a megabyte. */
const MAX_NAMES_BYTES = 2 ** 19;

/**
 * Returns the names to hold out of a new run: every n-th in sorted order. Throws `training` if that is none, `limit` if they
 * do not fit in a checkpoint.
 */
export function chooseHeldOut(images: readonly TrainingImage[], n: number): string[] {
  const names = images.map(({ name }) => name).sort();
  const chosen = names.filter((_, i) => i % n === n - 1);
  if (chosen.length === 0) {
    throw new PixrnnError(
      'training',
      `with only ${counted(images.length, 'image')}, no image is held out. Lower --held-out or add images.`,
    );
  }
  if (Buffer.byteLength(JSON.stringify(JSON.stringify(chosen))) > MAX_NAMES_BYTES) {
    throw new PixrnnError(
      'limit',
      `the names of ${chosen.length} held-out images do not fit in a checkpoint. Raise --held-out.`,
    );
  }
  return chosen;
}

/** Splits images by the names to hold out. Throws `training` if one side is empty. */
export function splitImages(images: readonly TrainingImage[], heldOutNames: readonly string[]): Split {
  const names = new Set(heldOutNames);
  const heldOut = images.filter(({ name }) => names.has(name));
  const training = images.filter(({ name }) => !names.has(name));
  if (heldOut.length === 0) {
    throw new PixrnnError(
      'training',
      'none of the held-out images of the run is among the images. Name the directory or data set that the run was started with.',
    );
  }
  if (training.length === 0) {
    throw new PixrnnError('training', 'all images are held out. Name the directory that the run was started with.');
  }
  const found = new Set(heldOut.map(({ name }) => name));
  return { training, heldOut, missing: heldOutNames.filter((name) => !found.has(name)) };
}

/** Returns `count` of the images, evenly spread over the list. */
export function spread<T>(images: readonly T[], count: number): T[] {
  const n = Math.min(count, images.length);
  return Array.from({ length: n }, (_, i) => images[Math.floor((i * images.length) / n)] as T);
}
