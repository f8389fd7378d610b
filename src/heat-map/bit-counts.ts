import { BITS_PER_PIXEL, type MapUnit } from './bit-map.js';

/** Bins of a bit per pixel. */
const PER_BIT = 64;
/** Above the bits of a pixel of four 16-bit channels, unless the model fails. */
const MAX_BITS = 80;

/** A histogram of bits over the maps of any number of images of the same unit. */
export class BitCounts {
  /** Pixel counts; the last bin includes all larger values. */
  private readonly classes = new Float64Array(MAX_BITS * PER_BIT);
  private pixels = 0;
  /** Bins of a bit in the unit: a bin is 1 / PER_BIT bit per pixel. */
  private readonly perBit: number;

  constructor(unit: MapUnit = BITS_PER_PIXEL) {
    this.perBit = PER_BIT / unit.pixels;
  }

  /** Counts the pixels of a map. @param bits bits at each pixel, in the unit */
  add(bits: Float32Array): void {
    for (const value of bits) {
      const index = Math.min(this.classes.length - 1, Math.floor(value * this.perBit));
      this.classes[index]! += 1;
    }
    this.pixels += bits.length;
  }

  /** Adds the counts of another histogram. */
  addAll(other: BitCounts): void {
    other.classes.forEach((count, index) => (this.classes[index]! += count));
    this.pixels += other.pixels;
  }

  /** Returns the quantile of bits for a share of the pixels, 0 to 1, with a resolution of 1 / 64 bit per pixel. */
  quantile(share: number): number {
    let seen = 0;
    for (const [index, count] of this.classes.entries()) {
      seen += count;
      if (seen > 0 && seen >= share * this.pixels) return (index + 1) / this.perBit;
    }
    return 1 / this.perBit;
  }

  /** Returns the share of pixels, 0 to 1, in each of `bins` equal bins from 0 to `max` bits; the last bin includes all larger values. */
  shares(bins: number, max: number): number[] {
    const shares = Array.from({ length: bins }, () => 0);
    this.classes.forEach((count, index) => {
      const bin = Math.min(bins - 1, Math.floor(((index / this.perBit) * bins) / max));
      shares[bin]! += count / Math.max(1, this.pixels);
    });
    return shares;
  }
}
