const PER_BIT = 64;
/** More than a pixel of four channels of 16 bits takes where a model does not fail. */
const MAX_BITS = 80;

/** How many pixels take how many bits: a distribution that maps of any number of images are added to. */
export class BitCounts {
  /** Pixels by bits, in classes of 1 / PER_BIT bit; the last one holds all that is more. */
  private readonly classes = new Float64Array(MAX_BITS * PER_BIT);
  private pixels = 0;

  /** @param bits of each pixel */
  add(bits: Float32Array): void {
    for (const value of bits) {
      const index = Math.min(this.classes.length - 1, Math.floor(value * PER_BIT));
      this.classes[index]! += 1;
    }
    this.pixels += bits.length;
  }

  addAll(other: BitCounts): void {
    other.classes.forEach((count, index) => (this.classes[index]! += count));
    this.pixels += other.pixels;
  }

  /** What this share of the pixels, 0 to 1, takes at most, to 1 / PER_BIT bit. */
  quantile(share: number): number {
    let seen = 0;
    for (const [index, count] of this.classes.entries()) {
      seen += count;
      if (seen > 0 && seen >= share * this.pixels) return (index + 1) / PER_BIT;
    }
    return 1 / PER_BIT;
  }

  /** The shares of the pixels, 0 to 1, in `bins` classes of the same width up to `most` bits; the last one holds what is more as well. */
  shares(bins: number, most: number): number[] {
    const shares = Array.from({ length: bins }, () => 0);
    this.classes.forEach((count, index) => {
      const bin = Math.min(bins - 1, Math.floor(((index / PER_BIT) * bins) / most));
      shares[bin]! += count / Math.max(1, this.pixels);
    });
    return shares;
  }
}
