import type { Host } from '../../host/host.js';
import { sharp } from './sharp.js';

/** Encodes a small WebP file with sharp. */
export const encodePicture: Host['encodePicture'] = async (file, side, quality) => {
  const small = sharp(file, { limitInputPixels: false, failOn: 'none' })
    .autoOrient()
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true });
  return new Uint8Array(await small.webp({ quality, alphaQuality: quality, effort: 6 }).toBuffer());
};
