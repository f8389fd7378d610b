import { allocateSamples, bitmapBytes, type Depth, type Samples } from '../samples.js';

/** The active alphabet of a channel. */
interface Channel {
  /** For every value, the number of smaller active values, at most `count` - 1. */
  readonly indices: Uint16Array;
  /** The active values, ascending. */
  readonly values: Uint16Array;
  readonly isActive: (value: number) => boolean;
}

/**
 * Maps samples to indices into the active alphabet of their channel, and back. A 12-bit scan stored in 16 bits is so
 * coded with 12 bits, and an image with gaps in its histogram without them.
 */
export class AlphabetMap {
  /** Bits of an index into the largest alphabet; at least 1. */
  readonly depth: number;
  /** Size of each channel's alphabet. */
  readonly counts: readonly number[];

  private constructor(private readonly channels: readonly Channel[]) {
    this.counts = channels.map(({ values }) => values.length);
    this.depth = Math.max(1, 32 - Math.clz32(Math.max(...this.counts) - 1));
  }

  /** @param bitmaps the active alphabet of each channel */
  static of(bitmaps: readonly Uint8Array[], channels: number, depth: Depth): AlphabetMap {
    const bytes = bitmapBytes(depth);
    if (bitmaps.length !== channels || bitmaps.some(({ length }) => length !== bytes)) {
      throw new RangeError(
        `the active alphabet of ${channels} channels of ${depth} bits needs one bitmap of ${bytes} bytes per channel`,
      );
    }
    return new AlphabetMap(bitmaps.map((bitmap) => channelOf(bitmap, 2 ** depth)));
  }

  /**
   * Writes the indices of the samples. A sample that is not coded and whose value is not active becomes the next larger
   * active value, or the last one.
   * @param isCoded whether the sample at an index is coded
   * @throws RangeError if a coded sample has an inactive value
   */
  toIndices(samples: Samples, indices: Samples, isCoded: (index: number) => boolean): void {
    const { length } = this.channels;
    this.channels.forEach(({ indices: indexOf, isActive }, c) => {
      for (let i = c; i < samples.length; i += length) {
        const value = samples[i] as number;
        if (!isActive(value) && isCoded(i))
          throw new RangeError(`the value ${value} is not in the active alphabet of channel ${c}`);
        indices[i] = indexOf[value] as number;
      }
    });
  }

  /** Returns the samples of whole pixels for their indices. */
  valuesOf(indices: Samples, depth: Depth): Samples {
    const samples = allocateSamples(indices.length, depth);
    const { length } = this.channels;
    this.channels.forEach(({ values }, c) => {
      for (let i = c; i < indices.length; i += length) samples[i] = values[indices[i] as number] as number;
    });
    return samples;
  }
}

function channelOf(bitmap: Uint8Array, range: number): Channel {
  const isActive = (value: number): boolean => ((bitmap[value >> 3] as number) & (1 << (value & 7))) !== 0;
  const indices = new Uint16Array(range);
  const values: number[] = [];
  for (let value = 0; value < range; value++) {
    indices[value] = values.length;
    if (isActive(value)) values.push(value);
  }
  if (values.length === 0) throw new RangeError('the active alphabet of a channel is empty');
  for (let value = range - 1; value >= 0 && indices[value] === values.length; value--)
    indices[value] = values.length - 1;
  return { indices, values: Uint16Array.from(values), isActive };
}
