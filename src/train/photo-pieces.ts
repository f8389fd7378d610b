import { type TrainingImage, orientedPiece } from './dataset.js';
import { Random } from './random.js';
import type { RunSettings } from './settings.js';

/** Maximum side of a piece in pixels: the engine needs seconds for a megapixel. */
export const MAX_PIECE_SIDE = 256;

/**
 * A piece of an image in one of its orientations, [height][width][channels], and the positions of its crops.
 */
export interface Piece {
  readonly samples: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Top left corners of the crops, [x, y]. */
  readonly corners: readonly (readonly [number, number])[];
}

/** Shuffles the images of a run anew for each epoch; an epoch uses every image once. */
export class ImageOrder {
  private epoch = -1;
  private order: readonly number[] = [];

  constructor(
    private readonly images: readonly TrainingImage[],
    private readonly seed: number,
  ) {}

  /** Returns the n-th image. It shuffles only when n is in another epoch than before. */
  at(n: number): TrainingImage {
    const { length } = this.images;
    const epoch = Math.floor(n / length);
    if (epoch !== this.epoch) this.order = shuffled(length, drawnFor(this.seed, -1 - epoch));
    this.epoch = epoch;
    return this.images[this.order[n % length] as number] as TrainingImage;
  }
}

/**
 * Returns the n-th piece of a run, which is from `image`. `crop` is at most MAX_PIECE_SIDE; throws RangeError if the image
 * is smaller than `crop`.
 */
export function pieceOf(
  image: TrainingImage,
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
  const random = drawnFor(seed, n);
  const width = Math.min(image.width, MAX_PIECE_SIDE);
  const height = Math.min(image.height, MAX_PIECE_SIDE);
  if (Math.min(width, height) < crop) throw new RangeError(`${image.name} is smaller than a crop of ${crop}`);
  const left = random.below(image.width - width + 1);
  const top = random.below(image.height - height + 1);
  const piece = orientedPiece(image, { left, top, width, height }, random.below(orientations), channels);
  const rows = origins(piece.height, crop, random);
  const corners = origins(piece.width, crop, random).flatMap((x) => rows.map((y) => [x, y] as const));
  return { ...piece, corners };
}

/** Returns the integers below n in random order. */
export function shuffled(n: number, random: Random): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

/** Returns a generator for one purpose within a run. */
export function drawnFor(seed: number, purpose: number): Random {
  return new Random(new Random(Math.imul(purpose, 0x9e3779b1) ^ seed).uniform() * 2 ** 32);
}

/** Returns the origins of adjacent crops along a side, shifted by up to half a crop; at the ends they may overlap. */
function origins(side: number, crop: number, random: Random): number[] {
  const count = Math.floor(side / crop);
  const shift = random.below(side - (count - 1) * crop) - Math.floor(crop / 2);
  return Array.from({ length: count }, (_, i) => Math.max(0, Math.min(side - crop, i * crop + shift)));
}
