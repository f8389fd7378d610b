import { type PixelMap, measureMap } from '../codec/measure.js';
import type { ModelOptions } from '../codec/coding-options.js';
import type { Raster } from '../image/raster.js';
import { sharp } from '../node/image/sharp.js';
import { writeImage } from '../node/image/write-image.js';
import { BitCounts } from '../heat-map/bit-counts.js';
import { levelsOf, scaleFor, shrinkMap } from '../heat-map/heat-map.js';
import { PALETTE } from '../heat-map/palette.js';

/** Maximum side of images and heat maps on the page, in pixels. */
export const MAX_PICTURE_SIDE = 1024;

/** Pictures up to this size are stored losslessly, larger ones at this quality. */
const LOSSLESS_PIXELS = 2 ** 16;
const WEBP = { quality: 90, smartSubsample: true, effort: 4 } as const;

/** An image and its heat map for the page, both of the same size. */
export interface Pictures {
  readonly width: number;
  readonly height: number;
  /** WebP files as data URIs. */
  readonly picture: string;
  readonly map: string;
  /** Maximum of the map's scale, in bits per pixel. */
  readonly maxBits: number;
  readonly counts: BitCounts;
  /** Mean bits per pixel of the image by the models' likelihood. */
  readonly meanBits: number;
}

/** A bit map, its histogram and the maximum of its scale. */
export interface ScaledMap {
  readonly map: PixelMap;
  readonly counts: BitCounts;
  readonly maxBits: number;
}

/** Measures the bits of each pixel. @param fixed maximum of the scale; undefined: chosen for the image */
export async function scaledMap(raster: Raster, fixed: number | undefined, options: ModelOptions): Promise<ScaledMap> {
  const map = await measureMap(raster, options);
  const counts = new BitCounts();
  counts.add(map.bits);
  return { map, counts, maxBits: fixed ?? scaleFor(counts) };
}

/** Returns the image and its heat map for the page, downsampled to at most MAX_PICTURE_SIDE pixels per side. */
export async function picturesOf(
  raster: Raster,
  metadata: readonly Uint8Array[],
  { map, counts, maxBits }: ScaledMap,
): Promise<Pictures> {
  const scale = Math.min(1, MAX_PICTURE_SIDE / Math.max(map.width, map.height));
  const [width, height] = [map.width, map.height].map((side) => Math.max(1, Math.round(side * scale))) as [
    number,
    number,
  ];
  const webp = width * height <= LOSSLESS_PIXELS ? ({ lossless: true } as const) : WEBP;
  const picture = await sharp(await writeImage(raster, metadata, 'png'), { limitInputPixels: false })
    .resize(width, height, { fit: 'fill' })
    .webp(webp)
    .toBuffer();
  const levels = levelsOf(scale < 1 ? shrinkMap(map, width, height) : map.bits, maxBits);
  const colours = Buffer.alloc(3 * levels.length);
  levels.forEach((level, at) => colours.set(PALETTE.subarray(3 * level, 3 * level + 3), 3 * at));
  const heat = await sharp(colours, { raw: { width, height, channels: 3 } })
    .webp(webp)
    .toBuffer();
  const total = map.codeLengthBits.reduce((sum, bits) => sum + bits, 0);
  return {
    width,
    height,
    picture: dataUri(picture),
    map: dataUri(heat),
    maxBits,
    counts,
    meanBits: total / (map.width * map.height),
  };
}

function dataUri(webp: Buffer): string {
  return `data:image/webp;base64,${webp.toString('base64')}`;
}
