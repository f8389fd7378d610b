import { latin1Bytes } from '../bytes.js';
import { packSamples, packedLength, type Depth } from '../samples.js';
import type { PngMetadata } from './png-metadata.js';
import { scaleDown } from './sample-scale.js';
import type { Raster } from './raster.js';

/** The extension of a kind of PNM file, without the dot. */
export type PnmKind = 'pbm' | 'pgm' | 'ppm' | 'pam';

/** Returns PBM for 1-bit gray, PGM for other gray, PPM for RGB, PAM for images with alpha. */
export function kindOfPnm({ channels, depth }: Pick<Raster, 'channels' | 'depth'>): PnmKind {
  if (channels === 1) return depth === 1 ? 'pbm' : 'pgm';
  return channels === 3 ? 'ppm' : 'pam';
}

/**
 * Writes a PBM file for 1-bit gray, a PGM file for other gray, a PPM file for RGB, a PAM file for images with alpha.
 * The maximum sample value is that of the source file, if recorded in the metadata, else 2^depth - 1.
 */
export function writePnm(raster: Raster, metadata: PngMetadata): Uint8Array {
  const { width, height, channels } = raster;
  const { samples, highest } = scaleDown(raster, metadata);
  if (kindOfPnm(raster) === 'pbm') {
    return pack(
      latin1Bytes(`P4\n${width} ${height}\n`),
      samples.map((sample) => sample ^ 1),
      width,
      1,
    );
  }
  return pack(header(raster, highest), samples, width * channels, highest > 255 ? 16 : 8);
}

function header({ width, height, channels }: Raster, highest: number): Uint8Array {
  if (channels === 1 || channels === 3) {
    return latin1Bytes(`P${channels === 1 ? 5 : 6}\n${width} ${height}\n${highest}\n`);
  }
  const type = channels === 2 ? 'GRAYSCALE_ALPHA' : 'RGB_ALPHA';
  const fields = [`WIDTH ${width}`, `HEIGHT ${height}`, `DEPTH ${channels}`, `MAXVAL ${highest}`, `TUPLTYPE ${type}`];
  return latin1Bytes(['P7', ...fields, 'ENDHDR\n'].join('\n'));
}

function pack(head: Uint8Array, samples: Raster['samples'], count: number, depth: Depth): Uint8Array {
  const bytes = packedLength(count, depth);
  const rows = samples.length / count;
  const file = new Uint8Array(head.length + bytes * rows);
  file.set(head);
  for (let y = 0; y < rows; y++) {
    const start = head.length + y * bytes;
    packSamples(samples.subarray(y * count, (y + 1) * count), depth, file.subarray(start, start + bytes));
  }
  return file;
}
