import type { JpegOptions } from 'sharp';
import { drawnImage } from './drawn-pixels.js';

/** A small JPEG file and what made it. */
export interface SampleFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const OPTIONS: Readonly<Record<string, JpegOptions>> = {
  'baseline, 4:2:0': { quality: 80 },
  'baseline, 4:4:4, high quality': { quality: 100, chromaSubsampling: '4:4:4' },
  'baseline, standard Huffman tables': { quality: 60, optimiseCoding: false },
  'baseline, low quality': { quality: 5 },
  progressive: { quality: 85, progressive: true },
  'progressive, 4:4:4': { quality: 95, progressive: true, chromaSubsampling: '4:4:4' },
  mozjpeg: { quality: 75, mozjpeg: true },
  'mozjpeg, baseline': { quality: 75, mozjpeg: true, progressive: false, optimiseScans: false },
};

/** Returns files of libjpeg-turbo and mozjpeg, through sharp. */
export async function sampleFiles(width: number, height: number, seed = 1): Promise<SampleFile[]> {
  const files = Object.entries(OPTIONS).map(async ([name, options]): Promise<SampleFile> => {
    return { name, bytes: new Uint8Array(await drawnImage(width, height, 3, seed).jpeg(options).toBuffer()) };
  });
  for (const progressive of [false, true]) {
    const suffix = progressive ? ', progressive' : '';
    const gray = drawnImage(width, height, 1, seed).toColourspace('b-w').jpeg({ progressive });
    const cmyk = drawnImage(width, height, 3, seed).toColourspace('cmyk').jpeg({ progressive, quality: 70 });
    files.push(named(`gray${suffix}`, gray.toBuffer()), named(`CMYK${suffix}`, cmyk.toBuffer()));
  }
  return Promise.all(files);
}

async function named(name: string, bytes: Promise<Uint8Array>): Promise<SampleFile> {
  return { name, bytes: new Uint8Array(await bytes) };
}
