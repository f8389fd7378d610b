const PER_BIT = 64;
/** Above the bits of a pixel of four 16-bit channels, unless the model fails. */
const MAX_BITS = 80;

/** A histogram of bits per pixel over the maps of any number of images. */
export class BitCounts {
  /** Pixel counts in bins of 1 / PER_BIT bit; the last bin includes all larger values. */
  private readonly classes = new Float64Array(MAX_BITS * PER_BIT);
  private pixels = 0;

  /** Counts the pixels of a map. @param bits bits of each pixel */
  add(bits: Float32Array): void {
    for (const value of bits) {
      const index = Math.min(this.classes.length - 1, Math.floor(value * PER_BIT));
      this.classes[index]! += 1;
    }
    this.pixels += bits.length;
  }

  /** Adds the counts of another histogram. */
  addAll(other: BitCounts): void {
    other.classes.forEach((count, index) => (this.classes[index]! += count));
    this.pixels += other.pixels;
  }

  /** Returns the quantile of bits per pixel for a share of the pixels, 0 to 1, with a resolution of 1 / PER_BIT bit. */
  quantile(share: number): number {
    let seen = 0;
    for (const [index, count] of this.classes.entries()) {
      seen += count;
      if (seen > 0 && seen >= share * this.pixels) return (index + 1) / PER_BIT;
    }
    return 1 / PER_BIT;
  }

  /** Returns the share of pixels, 0 to 1, in each of `bins` equal bins from 0 to `max` bits; the last bin includes all larger values. */
  shares(bins: number, max: number): number[] {
    const shares = Array.from({ length: bins }, () => 0);
    this.classes.forEach((count, index) => {
      const bin = Math.min(bins - 1, Math.floor(((index / PER_BIT) * bins) / max));
      shares[bin]! += count / Math.max(1, this.pixels);
    });
    return shares;
  }
}
