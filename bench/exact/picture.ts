import { readFile, writeFile } from 'node:fs/promises';
import { hexText } from '#pixrnn/bytes.js';
import { samplesDigest } from '#pixrnn/codec/check.js';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { host } from '#pixrnn/host/host.js';
import type { Raster } from '#pixrnn/image/raster.js';

/** Returns 16 hexadecimal digits that name the samples of an image and their shape. */
export function pictureOf({ width, height, channels, depth, indexed, samples }: Raster): string {
  const shape = new TextEncoder().encode([width, height, channels, depth, indexed].join(' '));
  return hexText(host().sha256().update(shape).update(samplesDigest(samples)).digest()).slice(0, 16);
}

/** Sizes of pictures as .prnn files without metadata at effort 3, kept in a file (NDJSON), because each needs seconds. */
export class PictureSizes {
  private constructor(
    private readonly sizes: Map<string, number>,
    private readonly cache: string,
  ) {}

  static async open(cache: string): Promise<PictureSizes> {
    const lines = (await readFile(cache, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
    const known = lines.map((line) => JSON.parse(line) as { picture: string; bytes: number });
    return new PictureSizes(new Map(known.map(({ picture, bytes }) => [picture, bytes])), cache);
  }

  has(picture: string): boolean {
    return this.sizes.has(picture);
  }

  /** Returns the size in bytes; NaN if it was never measured. */
  bytesOf(picture: string): number {
    return this.sizes.get(picture) ?? NaN;
  }

  async measure(raster: Raster, threads: number): Promise<void> {
    const picture = pictureOf(raster);
    const { bytes } = await compressRaster(raster, { exactness: 'pixels', verify: false, threads });
    this.sizes.set(picture, bytes.length);
    await writeFile(this.cache, `${JSON.stringify({ picture, bytes: bytes.length })}\n`, { flag: 'a' });
  }
}
