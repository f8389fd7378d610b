import { type PnmHeader, readPnmHeaders } from '../image/pnm-read.js';
import type { Raster } from '../image/raster.js';
import { depthFor, rounded } from '../image/sample-scale.js';
import { type Depth, type Samples, packSamples, packedLength } from '../samples.js';
import { applyCorrections, correctionsOf } from './corrections.js';
import { FieldReader, FieldWriter, malformedRecipe } from './fields.js';
import type { SourceFormat, SourceLayout } from './format.js';
import { type TextRule, readTextRule, textRules, writeText, writeTextRule } from './pnm-text.js';

/** How the samples of a PNM file are packed. */
interface PnmPacking {
  /** Maximum sample value of the file. */
  readonly highest: number;
  /** Whether 1 is black. */
  readonly isBitmap: boolean;
  /** How plain files separate numbers; null in binary files. */
  readonly text: TextRule | null;
}

/** PNM files: binary ones, and plain ones whose lines have the same number of samples. */
export const pnmFormat: SourceFormat = {
  layoutOf(source, raster) {
    let best: SourceLayout | null = null;
    for (const header of readPnmHeaders(source)) {
      if (header.width !== raster.width || header.height !== raster.height || header.channels !== raster.channels)
        continue;
      for (const packing of packingsOf(source, header)) {
        const layout = layoutWith(source, raster, header.start, packing);
        if (layout && layout.parameters.length < (best?.parameters.length ?? Infinity)) best = layout;
      }
    }
    return best;
  },

  packedBytes(raster, parameters, index) {
    const fields = new FieldReader(parameters);
    const bytes = pack(raster, readPacking(fields, raster));
    applyCorrections(bytes, fields);
    if (fields.remaining > 0 || index > 0) throw malformedRecipe();
    return bytes;
  },

  dictionary() {
    return [];
  },
};

function packingsOf(source: Uint8Array, { kind, highest, start, width, channels }: PnmHeader): PnmPacking[] {
  const isBitmap = kind === 1 || kind === 4;
  if (kind > 3) return [{ highest, isBitmap, text: null }];
  return textRules(source.subarray(start), width * channels, isBitmap).map((text) => ({ highest, isBitmap, text }));
}

function layoutWith(source: Uint8Array, raster: Raster, offset: number, packing: PnmPacking): SourceLayout | null {
  const bytes = pack(raster, packing);
  const corrections = correctionsOf(bytes, source.subarray(offset, offset + bytes.length));
  if (corrections === null) return null;
  const { highest, isBitmap, text } = packing;
  const fields = new FieldWriter()
    .number(highest)
    .number(isBitmap ? 1 : 0)
    .number(text ? 1 : 0);
  if (text) writeTextRule(text, fields);
  const parameters = fields.bytes(corrections).finish();
  return { parameters, streams: [{ method: 'copy', parts: [{ offset, length: bytes.length }] }] };
}

function readPacking(fields: FieldReader, { depth, channels }: Raster): PnmPacking {
  const highest = fields.number(65535);
  const isBitmap = fields.number(1) === 1;
  const text = fields.number(1) === 1 ? readTextRule(fields) : null;
  if (highest < 1 || depthFor(highest, channels) !== depth || (isBitmap && highest > 1)) throw malformedRecipe();
  return { highest, isBitmap, text };
}

function pack(raster: Raster, { highest, isBitmap, text }: PnmPacking): Uint8Array {
  const samples = sourceSamples(raster, highest, isBitmap);
  const rowSamples = raster.width * raster.channels;
  if (text) return writeText(samples, { rowSamples, channels: raster.channels }, highest, text);
  const depth: Depth = isBitmap ? 1 : highest > 255 ? 16 : 8;
  const rowBytes = packedLength(rowSamples, depth);
  const bytes = new Uint8Array(rowBytes * raster.height);
  for (let y = 0; y < raster.height; y++) {
    const row = samples.subarray(y * rowSamples, (y + 1) * rowSamples);
    packSamples(row, depth, bytes.subarray(y * rowBytes, (y + 1) * rowBytes));
  }
  return bytes;
}

/** Returns the samples before they were scaled to the maximum of their depth. */
function sourceSamples({ samples, depth }: Raster, highest: number, isBitmap: boolean): Samples {
  if (isBitmap) return samples.map((sample) => sample ^ 1);
  const full = 2 ** depth - 1;
  if (highest === full) return samples;
  const table = Uint16Array.from({ length: full + 1 }, (_, sample) => rounded(sample, highest, full));
  return samples.map((sample) => table[sample]!);
}
