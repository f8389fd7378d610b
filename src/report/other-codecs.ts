import type { Raster } from '../image/raster.js';
import { sharp } from '../node/image/sharp.js';
import { writePng } from '../image/write-png.js';
import { isInstalled, runProgram } from './program.js';

/** Bytes of an image's files in other lossless formats. */
export interface OtherSizes {
  /** By zlib's level 9, with or without filters, whichever is smaller; of the image's own depth. */
  readonly png: number;
  /** By libwebp's slowest. */
  readonly webp: number;
  /** By `cjxl -d 0 -e 9`; null where that is not installed. */
  readonly jxl: number | null;
}

/** A gray or RGB image of 1 or 8 bits in other formats. */
export async function otherSizes(raster: Raster, hasCjxl: boolean): Promise<OtherSizes> {
  const png = await writePng(raster, []);
  const [webp, jxl] = await Promise.all([webpBytes(raster), hasCjxl ? jxlBytes(png) : null]);
  return { png: png.length, webp, jxl };
}

export function isCjxlInstalled(): Promise<boolean> {
  return isInstalled('cjxl', '--version');
}

/** WebP knows 8 bits only: one bit becomes 0 and 255. */
async function webpBytes({ width, height, channels, depth, samples }: Raster): Promise<number> {
  const bytes = Uint8Array.from(samples, (sample) => (depth === 1 ? 255 * sample : sample));
  const webp = await sharp(bytes, { raw: { width, height, channels } }).webp({ lossless: true, effort: 6 }).toBuffer();
  return webp.length;
}

async function jxlBytes(png: Uint8Array): Promise<number> {
  const file = await runProgram('cjxl', ['--quiet', '--num_threads=0', '-d', '0', '-e', '9', '-', '-'], png);
  if (!file) throw new Error('cjxl failed. Check it, or take it off the path');
  return file.length;
}
