import { bitmapBytes, type Depth, type Samples } from '../samples.js';

/** The values that a channel uses. */
interface Channel {
  /** Of every value how many used ones are less; at most `count` - 1. */
  readonly indices: Uint16Array;
  /** The used values, ascending. */
  readonly values: Uint16Array;
  readonly isUsed: (value: number) => boolean;
}

/**
 * The values that occur in a tile, and between samples and what is coded in their stead: the rank among the used values of the
 * channel. So a scan of 12 bits that fills 16 is coded with 12, and a picture with gaps in its histogram without them.
 */
export class AlphabetMap {
  /** Bits of a rank, those of the channel with the most values; at least 1. */
  readonly depth: number;
  /** How many values each channel uses. */
  readonly counts: readonly number[];

  private constructor(private readonly channels: readonly Channel[]) {
    this.counts = channels.map(({ values }) => values.length);
    this.depth = Math.max(1, 32 - Math.clz32(Math.max(...this.counts) - 1));
  }

  /** @param bitmaps of the values that occur, for each channel */
  static of(bitmaps: readonly Uint8Array[], channels: number, depth: Depth): AlphabetMap {
    const bytes = bitmapBytes(depth);
    if (bitmaps.length !== channels || bitmaps.some(({ length }) => length !== bytes)) {
      throw new RangeError(`used values of ${depth} bits take ${bytes} bytes for each of ${channels} channels`);
    }
    return new AlphabetMap(bitmaps.map((bitmap) => channelOf(bitmap, 2 ** depth)));
  }

  /**
   * Writes the samples' indices. A sample whose value is not among the used ones is refused where it is to be coded: throws a
   * RangeError. Elsewhere it counts as the next used value above it, or the last one.
   * @param isCoded whether the sample at an index is to be coded
   */
  toIndices(samples: Samples, indices: Samples, isCoded: (index: number) => boolean): void {
    const { length } = this.channels;
    this.channels.forEach(({ indices: indexOf, isUsed }, c) => {
      for (let i = c; i < samples.length; i += length) {
        const value = samples[i] as number;
        if (!isUsed(value) && isCoded(i))
          throw new RangeError(`the value ${value} of channel ${c} is said not to occur`);
        indices[i] = indexOf[value] as number;
      }
    });
  }

  /** Writes the samples that these indices stand for. */
  toValues(indices: Samples, samples: Samples): void {
    const { length } = this.channels;
    this.channels.forEach(({ values }, c) => {
      for (let i = c; i < indices.length; i += length) samples[i] = values[indices[i] as number] as number;
    });
  }
}

function channelOf(bitmap: Uint8Array, range: number): Channel {
  const isUsed = (value: number): boolean => ((bitmap[value >> 3] as number) & (1 << (value & 7))) !== 0;
  const indices = new Uint16Array(range);
  const values: number[] = [];
  for (let value = 0; value < range; value++) {
    indices[value] = values.length;
    if (isUsed(value)) values.push(value);
  }
  if (values.length === 0) throw new RangeError('a channel is said to have no values');
  for (let value = range - 1; value >= 0 && indices[value] === values.length; value--)
    indices[value] = values.length - 1;
  return { indices, values: Uint16Array.from(values), isUsed };
}
