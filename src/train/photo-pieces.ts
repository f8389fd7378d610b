import { type TrainingImage, orientedPiece } from './dataset.js';
import { Random } from './random.js';
import type { RunSettings } from './settings.js';

/** Larger images are cut to this side before the engine sees them, which takes seconds for a megapixel. */
export const LARGEST_PIECE = 256;

/**
 * A piece of an image in one of its orientations, [height][width][channels], and where crops are to be cut out of
 * it.
 */
export interface Piece {
  readonly samples: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Their upper left corners, x and y. */
  readonly corners: readonly (readonly [number, number])[];
}

/**
 * The n-th piece of training with a seed: every image once, in an order drawn anew, before any comes again. `crop` is
 * at most LARGEST_PIECE, and no image is smaller.
 */
export function pieceOf(
  images: readonly TrainingImage[],
  n: number,
  {
    seed,
    crop,
    orientations,
    channels,
  }: Pick<RunSettings, 'seed' | 'crop' | 'orientations'> & {
    readonly channels: number;
  },
): Piece {
  const round = Math.floor(n / images.length);
  const order = shuffled(images.length, drawnFor(seed, -1 - round));
  const image = images[order[n % images.length] as number] as TrainingImage;
  const random = drawnFor(seed, n);
  const width = Math.min(image.width, LARGEST_PIECE);
  const height = Math.min(image.height, LARGEST_PIECE);
  if (Math.min(width, height) < crop) throw new RangeError(`${image.name} is smaller than a crop of ${crop}`);
  const left = random.below(image.width - width + 1);
  const top = random.below(image.height - height + 1);
  const piece = orientedPiece(image, { left, top, width, height }, random.below(orientations), channels);
  const rows = origins(piece.height, crop, random);
  const corners = origins(piece.width, crop, random).flatMap((x) => rows.map((y) => [x, y] as const));
  return { ...piece, corners };
}

/** The numbers below n in an order that is drawn. */
export function shuffled(n: number, random: Random): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

/** A generator for one purpose of a run. */
export function drawnFor(seed: number, purpose: number): Random {
  return new Random(new Random(Math.imul(purpose, 0x9e3779b1) ^ seed).uniform() * 2 ** 32);
}

/** As many crops as fit beside each other, shifted as far as half a crop; at the ends they may overlap then. */
function origins(side: number, crop: number, random: Random): number[] {
  const count = Math.floor(side / crop);
  const shift = random.below(side - (count - 1) * crop) - Math.floor(crop / 2);
  return Array.from({ length: count }, (_, i) => Math.max(0, Math.min(side - crop, i * crop + shift)));
}
