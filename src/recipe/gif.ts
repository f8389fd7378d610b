import { GIF_PASSES, firstGifFrame } from '../image/gif.js';
import type { Raster } from '../image/raster.js';
import { extrasOfMetadata, paletteColours } from './dictionaries.js';
import { FieldReader, FieldWriter, malformedRecipe } from './fields.js';
import type { SourceFormat } from './format.js';

/** The part of the screen that a frame covers, and the order of its rows. */
interface GifPacking {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly interlaced: boolean;
}

/** GIF files: the indices of the first frame are packed; further frames are part of the skeleton. */
export const gifFormat: SourceFormat = {
  layoutOf(source) {
    const { x, y, width, height, interlaced, start, end } = firstGifFrame(source);
    const fields = new FieldWriter()
      .number(interlaced ? 1 : 0)
      .number(x)
      .number(y)
      .number(width)
      .number(height);
    const part = { offset: start, length: end - start };
    return { parameters: fields.finish(), streams: [{ method: 'gif-lzw', parts: [part] }] };
  },

  packedBytes(raster, parameters, index) {
    const fields = new FieldReader(parameters);
    const packing = readPacking(fields, raster);
    if (fields.remaining > 0 || index > 0) throw malformedRecipe();
    return packFrame(raster, packing);
  },

  dictionary({ metadata }) {
    return [paletteColours(metadata, (colour) => colour), ...extrasOfMetadata(metadata)];
  },
};

function readPacking(fields: FieldReader, raster: Raster): GifPacking {
  const interlaced = fields.number(1) === 1;
  const [x, y] = [fields.number(raster.width - 1), fields.number(raster.height - 1)];
  const [width, height] = [fields.number(raster.width - x), fields.number(raster.height - y)];
  if (raster.channels > 1 || raster.depth > 8 || width < 1 || height < 1) throw malformedRecipe();
  return { x, y, width, height, interlaced };
}

/** Returns the indices of a frame, one a byte, in the order of the file. */
function packFrame(
  { width: rowSamples, samples }: Raster,
  { x, y, width, height, interlaced }: GifPacking,
): Uint8Array {
  const indices = new Uint8Array(width * height);
  const passes = interlaced ? GIF_PASSES : ([[0, 1]] as const);
  let at = 0;
  for (const [start, step] of passes) {
    for (let row = start; row < height; row += step, at += width) {
      const from = (y + row) * rowSamples + x;
      indices.set(samples.subarray(from, from + width), at);
    }
  }
  return indices;
}
