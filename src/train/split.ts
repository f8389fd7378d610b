import { counted } from '../counted.js';
import { PixrnnError } from '../errors.js';
import type { TrainingImage } from './dataset.js';

/** Images to train on, and images to measure on that training never sees. */
export interface Split {
  readonly training: readonly TrainingImage[];
  readonly heldOut: readonly TrainingImage[];
  /** Names that are to be held out and that no image has. */
  readonly missing: readonly string[];
}

/** A checkpoint's header, JSON in JSON, has place for a megabyte. */
const MAX_NAMES_BYTES = 2 ** 19;

/**
 * The names to hold out of a new run: every n-th in sorted order. Throws `training` where that is none, `limit` where
 * they are more than a checkpoint can store.
 */
export function chooseHeldOut(images: readonly TrainingImage[], n: number): string[] {
  const names = images.map(({ name }) => name).sort();
  const chosen = names.filter((_, i) => i % n === n - 1);
  if (chosen.length === 0) {
    throw new PixrnnError(
      'training',
      `there ${images.length === 1 ? 'is' : 'are'} only ${counted(images.length, 'image')}: none is left to measure on. Lower --held-out.`,
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

/** Splits images by the names to hold out. Throws `training` where one side is empty. */
export function splitImages(images: readonly TrainingImage[], heldOutNames: readonly string[]): Split {
  const names = new Set(heldOutNames);
  const heldOut = images.filter(({ name }) => names.has(name));
  const training = images.filter(({ name }) => !names.has(name));
  if (heldOut.length === 0) {
    throw new PixrnnError(
      'training',
      'none of the images that the run holds out is there. Name the folder or data set that it began with.',
    );
  }
  if (training.length === 0) {
    throw new PixrnnError('training', 'there are only held-out images. Name the folder the run began with.');
  }
  const found = new Set(heldOut.map(({ name }) => name));
  return { training, heldOut, missing: heldOutNames.filter((name) => !found.has(name)) };
}

/** `count` of the images, evenly spread over the list. */
export function spread<T>(images: readonly T[], count: number): T[] {
  const n = Math.min(count, images.length);
  return Array.from({ length: n }, (_, i) => images[Math.floor((i * images.length) / n)] as T);
}
