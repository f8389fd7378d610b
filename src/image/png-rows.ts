import type { FilteredPass } from '../packing/png-filters.js';
import { allocateSamples, packedLength, packSamples } from '../samples.js';
import { adam7, onePass, type Pass } from './adam7.js';
import type { Raster, RasterShape } from './raster.js';

/** Returns the shapes of the passes of a PNG file, without rows. */
export function passShapes(
  { width, height, channels, depth }: RasterShape,
  interlaced: boolean,
): (Omit<FilteredPass, 'rows'> & { readonly pass: Pass })[] {
  const pixelBytes = Math.max(1, (channels * depth) / 8);
  const passes = interlaced ? adam7(width, height) : onePass(width, height);
  return passes.map((pass) => ({ pass, rowBytes: packedLength(pass.width * channels, depth), pixelBytes }));
}

/** Returns the rows of each pass of a PNG file, as they are before filtering. */
export function passRows(raster: Raster, interlaced: boolean): FilteredPass[] {
  return passShapes(raster, interlaced).map(({ pass, rowBytes, pixelBytes }) => {
    const rows = new Uint8Array(rowBytes * pass.height);
    for (let y = 0; y < pass.height; y++) {
      packSamples(rowOf(raster, pass, y), raster.depth, rows.subarray(y * rowBytes, (y + 1) * rowBytes));
    }
    return { rowBytes, pixelBytes, rows };
  });
}

/** Returns the samples of row y of a pass. */
function rowOf({ width, channels, depth, samples }: Raster, pass: Pass, y: number) {
  const start = ((pass.y + y * pass.stepY) * width + pass.x) * channels;
  if (pass.stepX === 1) return samples.subarray(start, start + pass.width * channels);
  const row = allocateSamples(pass.width * channels, depth);
  for (let x = 0; x < pass.width; x++) {
    for (let c = 0; c < channels; c++) row[x * channels + c] = samples[start + x * pass.stepX * channels + c]!;
  }
  return row;
}
