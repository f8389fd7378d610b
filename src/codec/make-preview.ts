import { host } from '../host/host.js';
import { displayPng } from '../image/display-png.js';
import type { Raster } from '../image/raster.js';
import { type EmbeddedPreview } from './container.js';
import { MAX_PREVIEW_BYTES } from './container-layout.js';
import { MAX_PREVIEW_SIDE } from './embedded-preview.js';

/** A preview may have this many bytes, or this share of the file without it. */
const ALLOWED_BYTES = 3000;
const ALLOWED_SHARE = 0.01;

/** Sides and qualities to try, in this order, until a picture is small enough. */
const ATTEMPTS: readonly (readonly [side: number, quality: number])[] = [
  ...[80, 65, 50, 35, 20].map((quality) => [MAX_PREVIEW_SIDE, quality] as const),
  ...[192, 128, 96, 64, 32].map((side) => [side, 35] as const),
];

/**
 * Returns a preview of samples.
 * @param metadata of the raster, for palette, transparent colours and colour space
 * @param fileBytes length of the file without the preview
 */
export async function previewOfRaster(
  raster: Raster,
  metadata: readonly Uint8Array[],
  fileBytes: number,
): Promise<EmbeddedPreview> {
  const preview = await smallEnough(await displayPng(raster, metadata, MAX_PREVIEW_SIDE), fileBytes);
  if (!preview) throw new Error('no picture is small enough for a preview');
  return preview;
}

/**
 * Returns a preview of a JPEG file, which the host decodes and turns upright; undefined if it cannot.
 * @param fileBytes length of the .prnn file without the preview
 */
export async function previewOfJpeg(source: Uint8Array, fileBytes: number): Promise<EmbeddedPreview | undefined> {
  try {
    return await smallEnough(source, fileBytes);
  } catch {
    return undefined; // such as a damaged file, which is kept without loss all the same
  }
}

async function smallEnough(file: Uint8Array, fileBytes: number): Promise<EmbeddedPreview | undefined> {
  const most = Math.min(MAX_PREVIEW_BYTES, Math.max(ALLOWED_BYTES, Math.floor(ALLOWED_SHARE * fileBytes)));
  for (const [side, quality] of ATTEMPTS) {
    const picture = await host().encodePicture(file, side, quality);
    if (picture.length <= most) return { picture, damaged: false };
  }
  return undefined;
}
