import { parseFile } from '../codec/container.js';
import { type DecompressOptions as CodecOptions, decompressToRaster } from '../codec/decompress.js';
import { PixrnnError } from '../errors.js';
import { metadataOf, writePng } from '../image/write-png.js';
import type { Decompressed } from '../service/options.js';
import { restoreImage } from '../service/restore-image.js';
import type { Response } from '../service/serve-calls.js';
import { bitmapOf, displayPixels } from './display.js';
import type { DecompressResult, ResultFormat } from './options.js';
import { type Paint, tilePainter } from './tile-painter.js';

interface Options extends Omit<CodecOptions, 'onTile' | 'onTileRows'> {
  readonly format?: ResultFormat | undefined;
}

/**
 * Decompresses a file to what the options ask for.
 * @param name name of the .prnn file, null if it has none
 * @param paint receives pixels while the file is decoded
 */
export async function decompress(
  bytes: Uint8Array,
  name: string | null,
  { format, ...coding }: Options,
  paint: Paint,
): Promise<Response<DecompressResult>> {
  const parsed = parseFile(bytes, coding);
  const options = { ...coding, ...(await tilePainter(parsed, paint)) };
  const baseName = name?.replace(/^.*[/\\]/, '').replace(/\.prnn$/i, '') || 'image';
  const isJpeg = 'record' in parsed;
  if (format === undefined || format === 'png' || (format === 'bitmap' && isJpeg)) {
    const wanted = format === 'png' ? format : undefined;
    const source = await restoreImage(bytes, { baseName, wanted }, options);
    if (source && format === 'bitmap') return jpegBitmap(source.bytes, source);
    if (source) return { result: source, transfer: [source.bytes.buffer as ArrayBuffer] };
  }
  if (isJpeg) {
    const what = 'it restores a JPEG file, whose pixels depend on the decoder';
    throw new PixrnnError('input-unsupported', `${what}. Leave out the format, or use 'bitmap'.`);
  }
  const { raster, container } = await decompressToRaster(bytes, options);
  const { metadata, header, parity } = container;
  const whole = { width: header.width, height: header.height };
  const common: Decompressed = { whole, factor: 1, repairedBlocks: parity?.damagedBlocks ?? 0 };
  if (format === 'raster') {
    const payloads = metadata.map((payload) => Uint8Array.from(payload));
    return { result: { raster, metadata: payloads, ...common }, transfer: [raster.samples.buffer as ArrayBuffer] };
  }
  if (format === 'bitmap') {
    const bitmap = await bitmapOf(displayPixels(raster, await metadataOf(raster, metadata)), raster);
    return { result: { bitmap, ...common }, transfer: [bitmap] };
  }
  const { width, height, channels, depth, indexed } = raster;
  const file = await writePng(raster, metadata);
  const kind = { name: `${baseName}.png`, format: 'png', isSource: false, remarks: [] } as const;
  const result = { bytes: file, ...kind, ...{ width, height, channels, depth, indexed }, ...common };
  return { result, transfer: [file.buffer as ArrayBuffer] };
}

/** The browser decodes the restored JPEG file. */
async function jpegBitmap(source: Uint8Array, common: Decompressed): Promise<Response<DecompressResult>> {
  const bitmap = await createImageBitmap(new Blob([source as Uint8Array<ArrayBuffer>], { type: 'image/jpeg' }));
  const { whole, factor, repairedBlocks } = common;
  return { result: { bitmap, whole, factor, repairedBlocks }, transfer: [bitmap] };
}
