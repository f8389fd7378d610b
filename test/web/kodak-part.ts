import { join } from 'node:path';
import sharp from 'sharp';
import { SHARED_DATA } from '../needs.js';

/** Returns a part of a Kodak image as a PNG file; a whole one would be most of the time of the tests in a browser. */
export function kodakPart(name: string): Promise<Uint8Array> {
  const part = { left: 128, top: 64, width: 144, height: 96 };
  return sharp(join(SHARED_DATA, 'kodak', name))
    .extract(part)
    .png()
    .toBuffer();
}
