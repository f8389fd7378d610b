import { type PixelMap, measureMap } from '../codec/measure.js';
import type { ModelOptions } from '../codec/coding-options.js';
import type { Raster } from '../image/raster.js';
import { sharp } from '../node/image/sharp.js';
import { BitCounts } from '../heat-map/bit-counts.js';
import { BITS_PER_PIXEL, type BitMap, type MapUnit } from '../heat-map/bit-map.js';
import { levelsOf, scaleFor, shrinkMap } from '../heat-map/heat-map.js';
import { PALETTE } from '../heat-map/palette.js';

/** Maximum side of images and heat maps on the page, in pixels. */
export const MAX_PICTURE_SIDE = 1024;

/** Pictures up to this size are stored losslessly, larger ones at this quality. */
const LOSSLESS_PIXELS = 2 ** 16;
const WEBP = { quality: 90, smartSubsample: true, effort: 4 } as const;

/** EXIF orientations: the image as it is stored, and the first of those that swap width and height. */
const UPRIGHT = 1;
const FIRST_TRANSPOSED = 5;

/** A bit map, its histogram and its scale. */
export interface ScaledMap {
  readonly map: BitMap;
  readonly unit: MapUnit;
  readonly counts: BitCounts;
  /** Maximum of the scale. */
  readonly maxBits: number;
  /** Mean of the map by the code length, in its unit. */
  readonly meanBits: number;
}

/** An image and its heat map for the page, both of the same size. */
export interface Pictures extends Omit<ScaledMap, 'map'> {
  readonly width: number;
  readonly height: number;
  /** WebP files as data URIs. */
  readonly picture: string;
  readonly map: string;
}

/**
 * Returns a map with a scale.
 * @param bits code length of the image
 * @param fixed maximum of the scale; undefined: chosen for the image
 */
export function scaled(map: BitMap, unit: MapUnit, bits: number, fixed: number | undefined): ScaledMap {
  const counts = new BitCounts(unit);
  counts.add(map.bits);
  const meanBits = (unit.pixels * bits) / (map.width * map.height);
  return { map, unit, counts, maxBits: fixed ?? scaleFor(counts), meanBits };
}

/** Measures the bits of each pixel. */
export async function pixelMap(raster: Raster, fixed: number | undefined, options: ModelOptions): Promise<ScaledMap> {
  const map: PixelMap = await measureMap(raster, options);
  const bits = map.codeLengthBits.reduce((sum, length) => sum + length, 0);
  return scaled(map, BITS_PER_PIXEL, bits, fixed);
}

/**
 * Returns the image and its heat map for the page, turned upright by its EXIF orientation and downsampled to at most
 * MAX_PICTURE_SIDE pixels per side.
 * @param image a file that sharp reads
 * @returns null if sharp cannot decode the image: some JPEG files are coded, but have features that libvips lacks
 */
export async function picturesOf(image: Uint8Array, { map, ...scale }: ScaledMap): Promise<Pictures | null> {
  const shrinking = Math.min(1, MAX_PICTURE_SIDE / Math.max(map.width, map.height));
  const side = (length: number): number => Math.max(1, Math.round(length * shrinking));
  const [width, height] = [side(map.width), side(map.height)];
  const webp = width * height <= LOSSLESS_PIXELS ? ({ lossless: true } as const) : WEBP;
  const source = sharp(image, { limitInputPixels: false, failOn: 'none' });
  const orientation = await source.metadata().then(
    (metadata) => metadata.orientation ?? UPRIGHT,
    () => null,
  );
  if (orientation === null) return null;
  const [shownWidth, shownHeight] = orientation >= FIRST_TRANSPOSED ? [height, width] : [width, height];
  const shown = source.rotate().resize(shownWidth, shownHeight, { fit: 'fill' }).webp(webp);
  const picture = await shown.toBuffer().catch(() => null);
  if (picture === null) return null;
  const levels = levelsOf(shrinking < 1 ? shrinkMap(map, width, height) : map.bits, scale.maxBits);
  const colours = Buffer.alloc(3 * levels.length);
  levels.forEach((level, at) => colours.set(PALETTE.subarray(3 * level, 3 * level + 3), 3 * at));
  // sharp turns an image only by the orientation in its file.
  const heat = await sharp(colours, { raw: { width, height, channels: 3 } })
    .withMetadata({ orientation })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const upright = await sharp(heat).rotate().webp(webp).toBuffer();
  return { width: shownWidth, height: shownHeight, picture: dataUri(picture), map: dataUri(upright), ...scale };
}

function dataUri(webp: Buffer): string {
  return `data:image/webp;base64,${webp.toString('base64')}`;
}
