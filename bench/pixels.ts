import { readFile } from 'node:fs/promises';
import { isAncillary, readChunks, writeChunks } from '#pixrnn/image/png-chunks.js';
import sharp from 'sharp';

/** 8-bit RGB samples, [height][width][3]. */
export interface Pixels {
  width: number;
  height: number;
  samples: Uint8Array;
}

/** Reads the samples of a PNG or binary PPM file. */
export async function readPixels(file: string): Promise<Pixels> {
  const bytes = await readFile(file);
  return bytes.toString('latin1', 0, 2) === 'P6' ? parsePpm(bytes, file) : await decodeRgb(bytes, file);
}

export function samePixels(a: Pixels, b: Pixels): boolean {
  return a.width === b.width && a.height === b.height && Buffer.compare(a.samples, b.samples) === 0;
}

/** Returns the PNG without profile, texts and times, which some codecs keep and others drop. */
export function withoutMetadata(png: Uint8Array): Uint8Array {
  return writeChunks(readChunks(png).chunks.filter(({ type }) => !isAncillary(type)));
}

async function decodeRgb(bytes: Uint8Array, file: string): Promise<Pixels> {
  const { data, info } = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`${file} has ${info.channels} channels, not 3.`);
  return { width: info.width, height: info.height, samples: data };
}

/** Parses a PPM file whose header has no comments, as djxl and dwebp write it. */
function parsePpm(bytes: Buffer, file: string): Pixels {
  const header = /^P6\s(\d+)\s(\d+)\s255\s/.exec(bytes.toString('latin1', 0, 64));
  if (!header) throw new Error(`${file} is not an 8-bit PPM file.`);
  return { width: Number(header[1]), height: Number(header[2]), samples: bytes.subarray(header[0].length) };
}
