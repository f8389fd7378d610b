import { type Extras, chunksOf, perMetre } from '../../image/ancillary-chunks.js';
import { type DecodedSize, checkLossy, lossyWarning } from '../../image/lossy.js';
import { NO_METADATA } from '../../image/png-metadata.js';
import { checkSize, unreadable, unsupported } from '../../image/refusals.js';
import { type Decoded, type ReaderOptions, plainSource } from '../../image/source.js';
import { sharp } from './sharp.js';
import { decodeWithSharp } from './via-sharp.js';

/**
 * Reads a JPEG or AVIF file. The samples are those of sharp's decoder; other decoders may return others.
 * @throws PixrnnError 'input-unreadable', 'input-unsupported', 'limit'
 */
export async function readLossy(input: Uint8Array, format: string, options: ReaderOptions): Promise<Decoded> {
  const about = await sharp(input, { limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw unreadable(`the ${format} file is damaged or not supported by sharp`, error);
    });
  const { width, height, channels, pages = 1 } = about;
  if (about.space === 'cmyk') throw unsupported('CMYK images are not supported', 'Convert it to RGB first.');
  if (pages > 1 && !options.firstFrame) {
    throw unsupported(
      `it is an ${format} file with ${pages} images`,
      'Use firstFrame to read only its first image.',
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
  const warnings = [lossyWarning(format), ...(pages > 1 ? [`only the first of ${pages} images is kept`] : [])];
  const metadata = { ...NO_METADATA, beforeImage: chunksOf(extras) };
  return { raster, metadata, source: plainSource(format, { lossy: true, pages, warnings }) };
}
