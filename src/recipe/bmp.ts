import { BI_RGB, BI_RLE4, BI_RLE8, fieldOf, readBmpHeader } from '../image/bmp.js';
import type { Raster } from '../image/raster.js';
import { rounded } from '../image/sample-scale.js';
import { packSamples } from '../samples.js';
import { applyCorrections, correctionsOf } from './corrections.js';
import { extrasOfMetadata, paletteColours } from './dictionaries.js';
import { FieldReader, FieldWriter, malformedRecipe } from './fields.js';
import type { SourceFormat } from './format.js';

/** How the samples of a BMP file are packed. */
interface BmpPacking {
  readonly topDown: boolean;
  readonly bits: number;
  /** Masks of red, green, blue and alpha in pixels of more than 8 bits; 0 for an absent alpha. */
  readonly masks: readonly number[];
}

/** BMP files without run lengths: rows of pixels of 1 to 32 bits, each padded to a multiple of four bytes. */
export const bmpFormat: SourceFormat = {
  layoutOf(source, raster) {
    const { compression, bits, topDown, masks, pixels } = readBmpHeader(source);
    if (compression === BI_RLE8 || compression === BI_RLE4) return null;
    // The reader keeps the undefined fourth byte of a pixel as alpha if any pixel uses it.
    const alpha = raster.channels < 4 ? 0 : compression === BI_RGB ? 0xff000000 : masks[3]!;
    const packing = { topDown, bits, masks: [...masks.slice(0, 3), alpha] };
    const rows = packRows(raster, packing);
    const part = { offset: pixels, length: rows.length };
    const corrections = correctionsOf(rows, source.subarray(pixels, pixels + rows.length));
    if (corrections === null) return null;
    const fields = new FieldWriter().number(topDown ? 1 : 0).number(bits);
    if (bits > 8) for (const mask of packing.masks) fields.number(mask >>> 0);
    return { parameters: fields.bytes(corrections).finish(), streams: [{ method: 'copy', parts: [part] }] };
  },

  packedBytes(raster, parameters, index) {
    const fields = new FieldReader(parameters);
    const rows = packRows(raster, readPacking(fields, raster));
    applyCorrections(rows, fields);
    if (fields.remaining > 0 || index > 0) throw malformedRecipe();
    return rows;
  },

  dictionary({ metadata }) {
    const palettes = [[0], [255], []].map((last) =>
      paletteColours(metadata, ([red, green, blue]) => [blue, green, red, ...last]),
    );
    return [...palettes, ...extrasOfMetadata(metadata)];
  },
};

function readPacking(fields: FieldReader, { channels, depth }: Raster): BmpPacking {
  const topDown = fields.number(1) === 1;
  const bits = fields.number(32);
  const isIndexed = bits <= 8;
  if (isIndexed ? bits !== depth || channels > 1 : ![16, 24, 32].includes(bits) || channels < 3 || depth !== 8)
    throw malformedRecipe();
  const masks = isIndexed ? [] : [0, 1, 2, 3].map(() => fields.number(2 ** 32 - 1));
  if (masks.some((mask, i) => !isField(mask, i < channels))) throw malformedRecipe();
  return { topDown, bits, masks };
}

/** Returns whether a mask is 1 to 8 contiguous bits, or 0 where there is no channel. */
function isField(mask: number, isPresent: boolean): boolean {
  if (mask === 0 || !isPresent) return mask === 0 && !isPresent;
  const highest = mask / 2 ** (31 - Math.clz32(mask & -mask));
  return highest <= 255 && (highest & (highest + 1)) === 0;
}

/** Returns the rows in the order of the file. */
function packRows(raster: Raster, { topDown, bits, masks }: BmpPacking): Uint8Array {
  const { width, height, channels, samples } = raster;
  const stride = Math.ceil((width * bits) / 32) * 4;
  const rows = new Uint8Array(stride * height);
  const tables = bits > 8 ? masks.slice(0, channels).map(pixelBits) : [];
  for (let y = 0; y < height; y++) {
    const source = samples.subarray(y * width * channels, (y + 1) * width * channels);
    const target = rows.subarray((topDown ? y : height - 1 - y) * stride);
    if (bits <= 8) packSamples(source, raster.depth, target.subarray(0, Math.ceil((width * bits) / 8)));
    else packPixels(source, tables, target, bits / 8);
  }
  return rows;
}

/** Writes a row of pixels of 2 to 4 bytes, little-endian. */
function packPixels(row: Raster['samples'], tables: readonly Int32Array[], target: Uint8Array, bytes: number): void {
  const channels = tables.length;
  for (let from = 0, to = 0; from < row.length; from += channels, to += bytes) {
    let pixel = 0;
    for (let c = 0; c < channels; c++) pixel |= tables[c]![row[from + c]!]!;
    for (let i = 0; i < bytes; i++) target[to + i] = pixel >>> (8 * i);
  }
}

/** Returns the bits in a pixel for each sample: the inverse of scaling a field to 8 bits. */
function pixelBits(mask: number, index: number): Int32Array {
  const { shift, highest } = fieldOf(mask, index);
  return Int32Array.from({ length: 256 }, (_, sample) => rounded(sample, highest, 255) << shift);
}
