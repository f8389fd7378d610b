import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { blobs } from '../fixtures/draw.js';
import { pngOf } from '../fixtures/png.js';

/* The images of a run. */

/** Width of the large image, in pixels. */
const WIDTH = 8192;

/** Draws small images and a large one, which are coded quickly. */
export async function drawImages(folder: string, images: number, side: number, megapixels: number): Promise<void> {
  mkdirSync(folder);
  for (let i = 0; i < images; i++) {
    writeFileSync(join(folder, `${i}.png`), pngOf(blobs({ width: side, height: side }, i + 1)));
  }
  await writeDrawing(join(folder, 'large.png'), megapixels);
}

/** Copies photographs, and tiles them together to a large one; returns their number. */
export async function copyPhotographs(
  folder: string,
  sources: readonly string[],
  images: number,
  megapixels: number,
): Promise<number> {
  mkdirSync(folder);
  const all = sources.flatMap((source) => readdirSync(source).map((name) => join(source, name)));
  const paths = all.filter((path) => path.endsWith('.png')).slice(0, images);
  if (paths.length === 0) throw new Error('--source has no PNG files.');
  for (const path of paths) copyFileSync(path, join(folder, basename(path)));
  await writeMosaic(join(folder, 'large.png'), paths, megapixels);
  return paths.length;
}

/** Tiles photographs together, each scaled to a cell of the same size. */
async function writeMosaic(path: string, photographs: readonly string[], megapixels: number): Promise<void> {
  const height = Math.round((megapixels * 1e6) / WIDTH);
  const [columns, rows] = [16, Math.max(1, Math.round(height / 512))];
  const [cellWidth, cellHeight] = [WIDTH / columns, Math.ceil(height / rows)];
  const cells = Array.from({ length: columns * rows }, async (_, i) => ({
    input: await sharp(photographs[i % photographs.length])
      .resize(cellWidth, cellHeight, { fit: 'cover' })
      .png({ compressionLevel: 1 })
      .toBuffer(),
    left: (i % columns) * cellWidth,
    top: Math.floor(i / columns) * cellHeight,
  }));
  const create = { width: WIDTH, height: rows * cellHeight, channels: 3, background: 'black' } as const;
  await sharp({ create, limitInputPixels: false })
    .composite(await Promise.all(cells))
    .removeAlpha()
    .png({ compressionLevel: 6 })
    .toFile(path);
}

/** Writes a drawing of squares, which the palette coder codes quickly. */
async function writeDrawing(path: string, megapixels: number): Promise<void> {
  const height = Math.round((megapixels * 1e6) / WIDTH);
  const samples = Buffer.alloc(WIDTH * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < WIDTH; x++, at += 3) {
      const square = ((x >> 6) * 7 + (y >> 5) * 13) % 11;
      samples[at] = 20 * square;
      samples[at + 1] = x % 64 < 4 ? 255 : 10 * square;
      samples[at + 2] = y % 32 < 2 ? 0 : 128;
    }
  }
  await sharp(samples, { raw: { width: WIDTH, height, channels: 3 } })
    .png({ compressionLevel: 6 })
    .toFile(path);
}
