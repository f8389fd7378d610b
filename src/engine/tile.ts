import type { Channels, Depth, Samples } from '../samples.js';

/** A rectangle of samples, [height][width][channels]; at most 1,024 wide and 2^20 pixels. */
export interface TileSamples<C extends Channels = 1 | 3> extends TileShape {
  /** Those of a model, unless the coder takes others too; a palette's indices count as gray. */
  readonly channels: C;
  readonly samples: Samples;
}

/** What the decoder is told of a tile before its payload: its size and depth; the channels are those of the model. */
export interface TileShape {
  readonly width: number;
  readonly height: number;
  readonly depth: Depth;
}

/** What the decoder knows of a tile before it decodes it, and the encoder therefore does not code. */
export interface SideInformation {
  /**
   * For each channel which values occur: bit v & 7 of byte v >> 3, `bitmapBytes` of them; all occur where it is left out.
   * The samples are then coded as their ranks among these values, with as many bits as the channel with the most values takes.
   */
  readonly values?: readonly Uint8Array[] | undefined;
  /** Pixels whose samples are known: 1 = known and not coded, [height][width]. Models see them like all others. */
  readonly known?: Uint8Array | undefined;
  /**
   * For a network that has a condition, and for no other: the small image that it knows beforehand, every factor-th pixel of
   * every factor-th row, [ceil(height / factor)][ceil(width / factor)][channels]. These pixels are known, too.
   */
  readonly small?: Samples | undefined;
}

/** Throws a RangeError where the samples are not `length` of this depth. */
export function checkSamples(samples: Samples, length: number, depth: Depth): void {
  if (samples instanceof Uint16Array !== (depth === 16)) {
    throw new RangeError(`samples of ${depth} bits are given as ${samples.constructor.name}`);
  }
  if (samples.length !== length) throw new RangeError(`the tile has ${samples.length} samples, not ${length}`);
  if (depth < 8 && samples.some((v) => v >> depth !== 0)) {
    throw new RangeError(`a sample is too large for ${depth} bits`);
  }
}
