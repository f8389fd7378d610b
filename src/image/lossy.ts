import type { Channels } from '../samples.js';
import { type Extras, chunksOf, perMetre } from './ancillary-chunks.js';
import { NO_METADATA } from './png-metadata.js';
import { channelsName } from './raster.js';
import { checkSize, unreadable, unsupported } from './refusals.js';
import { sharp } from './sharp.js';
import { type Decoded, type ReaderOptions, plainSource } from './source.js';
import { decodeWithSharp } from './via-sharp.js';

/** An image that a decoder would make. */
interface DecodedSize {
  readonly width: number;
  readonly height: number;
  readonly channels: Channels;
  readonly depth: 8 | 16;
}

/**
 * Refuses a file whose own compression loses detail, unless that is allowed: without loss its samples take more than
 * the file does.
 * @throws PixrnnError 'input-unsupported' with both sizes
 */
export function checkLossy(input: Uint8Array, format: string, size: DecodedSize, options: ReaderOptions): void {
  if (options.allowLossySource) return;
  const { width, height, channels, depth } = size;
  const count = (n: number): string => n.toLocaleString('en-US');
  const bytes = (width * height * channels * depth) / 8;
  const article = /^[AI]/.test(format) ? 'an' : 'a';
  throw unsupported(
    `it is ${article} ${format} file, which is compressed with loss: ${count(input.length)} bytes that decode to ` +
      `${count(bytes)} bytes of samples (${width} x ${height} ${channelsName(channels)}), and these take more than ` +
      'the file when nothing of them may be lost',
    'Keep the file as it is, or compress what a decoder makes of it with allowLossySource.',
    'allowLossySource',
  );
}

/** What a decoded lossy file says of itself. */
export function lossyWarning(format: string): string {
  return `what is kept is what a decoder made of the ${format} file, not the file`;
}

/**
 * Reads a JPEG or AVIF file. Its samples are those that sharp's decoder makes, which is exact only for that decoder.
 * @throws PixrnnError 'input-unreadable', 'input-unsupported', 'limit'
 */
export async function readLossy(input: Uint8Array, format: string, options: ReaderOptions): Promise<Decoded> {
  const about = await sharp(input, { limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw unreadable(`the ${format} file is damaged, or of a kind that sharp cannot read`, error);
    });
  const { width, height, channels, pages = 1 } = about;
  if (about.space === 'cmyk') throw unsupported(`it is a ${format} file of CMYK`, 'Convert it to RGB first.');
  if (pages > 1 && !options.firstFrame) {
    throw unsupported(
      `it is an ${format} file of ${pages} images`,
      'Read its first image alone with firstFrame.',
      'firstFrame',
    );
  }
  const depth = about.depth === 'uchar' ? 8 : 16;
  const size: DecodedSize = { width, height, channels: channels, depth };
  checkSize(width, height, (size.channels * depth) / 8, options.maxPixels);
  checkLossy(input, format, size, options);
  const raster = { ...size, indexed: false, samples: await decodeWithSharp(input, { format, ...size }) };
  const resolution = about.density ? perMetre(about.density / 0.0254, about.density / 0.0254) : undefined;
  const extras: Extras = { icc: about.icc, exif: about.exif, xmp: about.xmp, resolution };
  const warnings = [lossyWarning(format), ...(pages > 1 ? [`of ${pages} images only the first is kept`] : [])];
  const metadata = { ...NO_METADATA, beforeImage: chunksOf(extras) };
  return { raster, metadata, source: plainSource(format, { lossy: true, pages, warnings }) };
}
