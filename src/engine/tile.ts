import type { Channels, Depth, Samples } from '../samples.js';

/** A rectangle of samples, [height][width][channels], at most 1,024 pixels wide and of at most 2^20 pixels. */
export interface TileSamples<C extends Channels = 1 | 3> extends TileShape {
  /** The channels of the model, unless the coder supports others; palette indices count as gray. */
  readonly channels: C;
  readonly samples: Samples;
}

/** The size and depth of a tile, which the decoder has before its payload; the model determines the channels. */
export interface TileShape {
  readonly width: number;
  readonly height: number;
  readonly depth: Depth;
}

/** Side information: what the decoder knows about a tile before decoding it, so that the encoder does not code it. */
export interface SideInformation {
  /**
   * The active alphabet of each channel: value v is bit v & 7 of byte v >> 3, of `bitmapBytes` bytes. Default: all
   * values. Samples are coded as indices into the alphabet, with as many bits as the largest alphabet needs.
   */
  readonly values?: readonly Uint8Array[] | undefined;
  /**
   * Mask of pixels whose samples are known and not coded: 1 = known, [height][width]. Models see them like all others.
   */
  readonly known?: Uint8Array | undefined;
  /**
   * Whether the first channel in coding order (G of an RGB tile) is known in every pixel and not coded. Not with an
   * active alphabet.
   */
  readonly knowsFirst?: boolean | undefined;
  /**
   * Only for a network with a condition: the small image, every factor-th pixel of every factor-th row, [ceil(height /
   * factor)][ceil(width / factor)][channels]. These pixels are also known.
   */
  readonly small?: Samples | undefined;
}

/** Throws a RangeError unless there are `length` samples of this depth. */
export function checkSamples(samples: Samples, length: number, depth: Depth): void {
  if (samples instanceof Uint16Array !== (depth === 16)) {
    throw new RangeError(`${depth}-bit samples must not be given as ${samples.constructor.name}`);
  }
  if (samples.length !== length) throw new RangeError(`the tile has ${samples.length} samples, not ${length}`);
  if (depth < 8 && samples.some((v) => v >> depth !== 0)) {
    throw new RangeError(`a sample is too large for ${depth} bits`);
  }
}
