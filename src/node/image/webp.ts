import { counted } from '../../counted.js';
import type { Channels } from '../../samples.js';
import { chunksOf, extrasOf } from '../../image/ancillary-chunks.js';
import { checkLossy, lossyWarning } from '../../image/lossy.js';
import { NO_METADATA, type PngMetadata } from '../../image/png-metadata.js';
import type { Raster } from '../../image/raster.js';
import { checkSize, unreadable, unsupported } from '../../image/refusals.js';
import { sharp } from './sharp.js';
import { type Decoded, type ReaderOptions, plainSource } from '../../image/source.js';
import { decodeWithSharp } from './via-sharp.js';

/** A chunk of a RIFF file. */
interface RiffChunk {
  /** Four characters. */
  readonly type: string;
  readonly data: Uint8Array;
}

/** Sides are stored in 14 bits. */
export const MAX_WEBP_SIDE = 16383;

/** Chunks that are kept or describe the storage of the image. */
const KNOWN_CHUNKS = ['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP', 'EXIF', 'XMP '];

/** Flags of the VP8X chunk. */
const [HAS_ALPHA, HAS_EXIF, HAS_XMP, HAS_ICC] = [0x10, 0x08, 0x04, 0x20];

/**
 * Reads a WebP file (RFC 9649): 8-bit RGB, or RGBA if the file has alpha. Lossy files are read only if the options
 * allow it.
 * @throws PixrnnError 'input-unreadable', 'input-unsupported', 'limit'
 */
export async function readWebp(input: Uint8Array, options: ReaderOptions): Promise<Decoded> {
  const chunks = readRiff(input, 12);
  const find = (type: string): Uint8Array | undefined => chunks.find((chunk) => chunk.type === type)?.data;
  const frames = chunks.filter(({ type }) => type === 'ANMF');
  const pages = Math.max(1, frames.length);
  if (pages > 1 && !options.firstFrame) {
    throw unsupported(
      `it is an animated WebP of ${pages} frames`,
      'Use firstFrame to read only its first frame.',
      'firstFrame',
    );
  }
  const about = await sharp(input, { limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw unreadable('the WebP file is damaged', error);
    });
  const { width, pageHeight: height = about.height } = about;
  const channels: Channels = about.hasAlpha ? 4 : 3;
  const size = { width, height, channels, depth: 8 } as const;
  checkSize(width, height, channels, options.maxPixels);
  const image = frames[0] ? readRiff(frames[0].data, 16) : chunks;
  const lossy = image.some(({ type }) => type === 'VP8 ');
  if (lossy) checkLossy(input, 'WebP', size, options);

  const samples = await decodeWithSharp(input, { format: 'WebP', ...size });
  const metadata = {
    ...NO_METADATA,
    beforeImage: chunksOf({ icc: find('ICCP'), exif: find('EXIF'), xmp: find('XMP ') }),
  };
  const dropped = chunks.map(({ type }) => type).filter((type) => !KNOWN_CHUNKS.includes(type));
  const warnings = [
    ...(lossy ? [lossyWarning('WebP')] : []),
    ...(pages > 1 ? [`only the first of ${pages} frames is kept`] : []),
    ...(dropped.length > 0 ? [`these WebP chunks are not kept: ${dropped.join(', ')}`] : []),
  ];
  return {
    raster: { ...size, indexed: false, samples },
    metadata,
    source: plainSource('WebP', { lossy, pages, warnings }),
  };
}

/** Returns the chunks of a RIFF file, or of a frame in it, starting at `offset`. */
function readRiff(bytes: Uint8Array, offset: number): RiffChunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: RiffChunk[] = [];
  for (let at = offset; at + 8 <= bytes.length;) {
    const type = Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');
    const length = view.getUint32(at + 4, true);
    if (length > bytes.length - at - 8)
      throw unreadable(`the WebP file is cut off after ${counted(bytes.length, 'byte')}`);
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length) });
    at += 8 + length + (length % 2);
  }
  return chunks;
}

/**
 * Writes a lossless WebP file of an 8-bit RGB or RGBA raster, with profile, EXIF and XMP verbatim. The bitstream is
 * sharp's (libwebp), the container is written here; the file is decoded again and compared before it is returned.
 */
export async function writeWebp(raster: Raster, metadata: PngMetadata): Promise<Buffer> {
  const { width, height, channels, samples } = raster;
  if (channels < 3 || raster.depth !== 8) throw new RangeError('WebP supports only 8-bit RGB and RGBA');
  const encoded = await sharp(samples, { raw: { width, height, channels }, limitInputPixels: false })
    .webp({ lossless: true, exact: true, effort: 6 })
    .toBuffer();
  const image = readRiff(encoded, 12).find(({ type }) => type === 'VP8L');
  if (!image) throw new Error('sharp did not write lossless WebP');
  const hasAlpha = (image.data[4]! & 0x10) !== 0; // false if the image is fully opaque
  await compare(encoded, raster, hasAlpha);

  const { icc, exif, xmp } = extrasOf(metadata);
  if (!icc && !exif && !xmp) return riff([image]);
  const flags = (icc ? HAS_ICC : 0) | (hasAlpha ? HAS_ALPHA : 0) | (exif ? HAS_EXIF : 0) | (xmp ? HAS_XMP : 0);
  const head = Buffer.alloc(10);
  head[0] = flags;
  head.writeUIntLE(width - 1, 4, 3);
  head.writeUIntLE(height - 1, 7, 3);
  return riff([
    { type: 'VP8X', data: head },
    ...(icc ? [{ type: 'ICCP', data: icc }] : []),
    image,
    ...(exif ? [{ type: 'EXIF', data: exif }] : []),
    ...(xmp ? [{ type: 'XMP ', data: xmp }] : []),
  ]);
}

async function compare(file: Buffer, raster: Raster, hasAlpha: boolean): Promise<void> {
  const { width, height, channels, samples } = raster;
  const found: Channels = hasAlpha ? 4 : 3;
  const decoded = await decodeWithSharp(file, { format: 'WebP', width, height, channels: found, depth: 8 });
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let c = 0; c < channels; c++) {
      const sample = c < found ? decoded[pixel * found + c] : 255;
      if (sample !== samples[pixel * channels + c])
        throw new Error('the WebP file from libwebp does not decode to the image');
    }
  }
}

function riff(chunks: readonly RiffChunk[]): Buffer {
  const parts = chunks.flatMap(({ type, data }) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32LE(data.length, 4);
    return [head, data, Buffer.alloc(data.length % 2)];
  });
  const body = Buffer.concat([Buffer.from('WEBP'), ...parts]);
  const head = Buffer.alloc(8);
  head.write('RIFF');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}
