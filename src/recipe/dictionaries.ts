import { extrasOf } from '../image/ancillary-chunks.js';
import type { PngMetadata } from '../image/png-metadata.js';

/* Bytes that the skeletons of several formats repeat from the metadata. */

/** Returns the colours of the palette in another form, for example with blue first; empty without a palette. */
export function paletteColours(
  metadata: PngMetadata,
  convert: (colour: [red: number, green: number, blue: number]) => number[],
): Uint8Array {
  const palette = metadata.beforeImage.find(({ type }) => type === 'PLTE')?.data ?? new Uint8Array(0);
  const bytes: number[] = [];
  for (let i = 0; i + 2 < palette.length; i += 3)
    bytes.push(...convert([palette[i]!, palette[i + 1]!, palette[i + 2]!]));
  return Uint8Array.from(bytes);
}

/** Returns profile, XMP, EXIF and comments, as they are in formats other than PNG. */
export function extrasOfMetadata(metadata: PngMetadata): Uint8Array[] {
  const { icc, xmp, exif } = extrasOf(metadata);
  const chunks = [...metadata.beforeImage, ...metadata.afterImage];
  const texts = chunks.filter(({ type }) => type === 'tEXt').map(({ data }) => data.subarray(data.indexOf(0) + 1));
  return [icc, xmp, exif, ...texts].filter((bytes) => bytes !== undefined);
}
