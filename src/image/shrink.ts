import { allocateSamples } from '../samples.js';
import { expand } from './expand.js';
import type { PngMetadata } from './png-metadata.js';
import type { Raster } from './raster.js';

/**
 * Returns a smaller copy for display, 8 bits per sample: each pixel is the mean of factor x factor pixels, fewer at the
 * right and bottom edges. Colours count as much as their pixel is opaque; palettes and transparent colours are applied.
 */
export function shrink(raster: Raster, metadata: PngMetadata, factor: number): Raster {
  const { width, height, channels, depth, samples } = expand(raster, metadata);
  const small = { width: Math.ceil(width / factor), height: Math.ceil(height / factor) };
  const shrunk = allocateSamples(small.width * small.height * channels, 8);
  const scale = 255 / (2 ** depth - 1);
  const colours = channels - ((channels + 1) % 2);
  const sums = new Float64Array(colours);
  for (let y = 0, to = 0; y < small.height; y++) {
    const lastRow = Math.min(height, (y + 1) * factor);
    for (let x = 0; x < small.width; x++, to += channels) {
      const lastColumn = Math.min(width, (x + 1) * factor);
      let [weight, pixels] = [0, 0];
      sums.fill(0);
      for (let row = y * factor; row < lastRow; row++) {
        for (let column = x * factor; column < lastColumn; column++, pixels++) {
          const from = (row * width + column) * channels;
          const opacity = colours === channels ? 1 : samples[from + colours]!;
          weight += opacity;
          for (let c = 0; c < colours; c++) sums[c]! += opacity * samples[from + c]!;
        }
      }
      for (let c = 0; c < colours; c++) shrunk[to + c] = weight === 0 ? 0 : Math.round((scale * sums[c]!) / weight);
      if (colours < channels) shrunk[to + colours] = Math.round((scale * weight) / pixels);
    }
  }
  return { ...small, channels, depth: 8, indexed: false, samples: shrunk };
}
