import { concatBytes } from '../bytes.js';
import { host } from '../host/host.js';
import { chunkFrame, type PngChunk, PNG_SIGNATURE, readChunks } from '../image/png-chunks.js';
import { filterRow } from '../image/png-filters.js';
import { headerChunk, parseHeader } from '../image/png-header.js';
import { passRows, passShapes } from '../image/png-rows.js';
import type { Raster } from '../image/raster.js';
import { describeFilters, type FilteredPass, rebuildFilters } from '../packing/png-filters.js';
import { malformedRecipe } from './fields.js';
import type { SourceFormat, SourceLayout, Surroundings } from './format.js';

/*
 * PNG files: the data of the IDAT chunks are one zlib stream of filtered rows. Parameters: a byte, 1 if the file is
 * interlaced (Adam7), else 0; then the description of the rows' filters.
 */

export const pngFormat: SourceFormat = { layoutOf, packedBytes, dictionary };

async function layoutOf(source: Uint8Array, raster: Raster): Promise<SourceLayout | null> {
  const { chunks } = readChunks(source);
  const { interlaced } = parseHeader(chunks[0]!.data);
  const image = chunks.filter(({ type, data }) => type === 'IDAT' && data.length > 0);
  const zlib = concatBytes(image.map(({ data }) => data));
  const passes = passRows(raster, interlaced);
  const scanlines = passes.reduce((sum, { rowBytes, rows }) => sum + rows.length + rows.length / rowBytes, 0);
  const filters = filtersOf(host().zlib.inflate(zlib, scanlines).bytes, raster, interlaced);
  const parameters = concatBytes([Uint8Array.of(interlaced ? 1 : 0), await describeFilters(passes, filters)]);
  const parts = image.map(({ data }) => ({ offset: data.byteOffset - source.byteOffset, length: data.length }));
  return { parameters, streams: [{ method: 'zlib', parts }] };
}

/** Returns the filter of each row, of all passes. */
function filtersOf(scanlines: Uint8Array, raster: Raster, interlaced: boolean): Uint8Array {
  const filters: number[] = [];
  let offset = 0;
  for (const { pass, rowBytes } of passShapes(raster, interlaced)) {
    for (let y = 0; y < pass.height; y++, offset += rowBytes + 1) filters.push(scanlines[offset]!);
  }
  return Uint8Array.from(filters);
}

async function packedBytes(raster: Raster, parameters: Uint8Array, index: number): Promise<Uint8Array> {
  if (index > 0) throw malformedRecipe();
  const passes = passRows(raster, isInterlaced(parameters));
  return filterRows(passes, await rebuildFilters(parameters.subarray(1), passes));
}

function isInterlaced(parameters: Uint8Array): boolean {
  const flag = parameters[0];
  if (flag === undefined || flag > 1) throw malformedRecipe();
  return flag === 1;
}

/** Returns the rows of all passes, filtered, each after the byte of its filter. */
function filterRows(passes: readonly FilteredPass[], filters: Uint8Array): Uint8Array {
  const scanlines = new Uint8Array(passes.reduce((sum, { rows }) => sum + rows.length, filters.length));
  let [row, at] = [0, 0];
  for (const { rowBytes, pixelBytes, rows } of passes) {
    let above: Uint8Array = new Uint8Array(rowBytes);
    for (let start = 0; start < rows.length; start += rowBytes) {
      const current = rows.subarray(start, start + rowBytes);
      const filter = filters[row++]!;
      scanlines[at] = filter;
      filterRow(scanlines.subarray(at + 1, at + 1 + rowBytes), filter, current, above, pixelBytes);
      at += rowBytes + 1;
      above = current;
    }
  }
  return scanlines;
}

/** Returns the skeleton that a plain PNG writer makes: header, metadata, the frames of the IDAT chunks, end. */
function dictionary({ raster, parameters, metadata, parts }: Surroundings): Promise<Uint8Array[]> {
  const whole = (chunk: PngChunk): Uint8Array[] => {
    const { head, check } = chunkFrame(chunk);
    return [head, chunk.data, check];
  };
  const frames = parts.flatMap(({ bytes }) => {
    const { head, check } = chunkFrame({ type: 'IDAT', data: bytes });
    return [head, check];
  });
  return Promise.resolve([
    PNG_SIGNATURE,
    ...whole(headerChunk(raster, isInterlaced(parameters))),
    ...metadata.beforeImage.flatMap(whole),
    ...frames,
    ...metadata.afterImage.flatMap(whole),
    ...whole({ type: 'IEND', data: new Uint8Array(0) }),
    metadata.trailing,
  ]);
}
