import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** 8-bit RGB photographs. */
export const SETS = ['kodak', 'mcmaster', 'gb82', 'cid22', 'clic2025'] as const;

/** The sets without Kodak, whose unusual colours can be learned; the design's figures are for these sets. */
export const OVERALL_SETS: readonly string[] = ['mcmaster', 'gb82', 'cid22'];

export interface BenchImage {
  set: string;
  file: string;
  width: number;
  height: number;
}

/** Returns the first `limit` images of each set, sorted by name. */
export async function listImages(data: string, sets: readonly string[], limit: number): Promise<BenchImage[]> {
  const images: BenchImage[] = [];
  for (const set of sets) {
    const folder = join(data, set);
    if (!existsSync(folder)) throw new Error(`${folder}: no such folder. Set the data folder with --data.`);
    const files = (await readdir(folder)).filter((file) => file.endsWith('.png')).sort();
    for (const file of files.slice(0, limit)) {
      const { width, height, channels, depth } = await sharp(join(folder, file)).metadata();
      if (channels !== 3 || depth !== 'uchar') throw new Error(`${set}/${file} is not 8-bit RGB.`);
      images.push({ set, file, width, height });
    }
  }
  return images;
}
