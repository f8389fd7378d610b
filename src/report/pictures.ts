import { type PixelMap, measureMap } from '../codec/measure.js';
import type { ModelOptions } from '../codec/coding-options.js';
import type { Raster } from '../image/raster.js';
import { sharp } from '../node/image/sharp.js';
import { writeImage } from '../node/image/write-image.js';
import { BitCounts } from '../heat-map/bit-counts.js';
import { levelsOf, scaleFor, shrinkMap } from '../heat-map/heat-map.js';
import { PALETTE } from '../heat-map/palette.js';

/** Pixels of a side of what the page holds of an image and of its map. */
export const MAX_PICTURE_SIDE = 1024;

/** Pictures of no more pixels than this are kept as they are, the others at this quality. */
const LOSSLESS_PIXELS = 2 ** 16;
const WEBP = { quality: 90, smartSubsample: true, effort: 4 } as const;

/** An image and where its bits go, as a page shows them: both of the same size. */
export interface Pictures {
  readonly width: number;
  readonly height: number;
  /** WebP files as data URIs. */
  readonly picture: string;
  readonly map: string;
  /** Bits a pixel at the end of the map's scale. */
  readonly maxBits: number;
  readonly counts: BitCounts;
  /** Bits a pixel by the models, mean over the image. */
  readonly meanBits: number;
}

/** A map, how its bits are distributed, and the scale that it is drawn with. */
export interface ScaledMap {
  readonly map: PixelMap;
  readonly counts: BitCounts;
  readonly maxBits: number;
}

/** Measures where the bits of an image go. @param fixed the end of the scale; undefined: what suits the image */
export async function scaledMap(raster: Raster, fixed: number | undefined, options: ModelOptions): Promise<ScaledMap> {
  const map = await measureMap(raster, options);
  const counts = new BitCounts();
  counts.add(map.bits);
  return { map, counts, maxBits: fixed ?? scaleFor(counts) };
}

/** The pictures of an image for a page, at maxBits MAX_PICTURE_SIDE pixels a side. */
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
