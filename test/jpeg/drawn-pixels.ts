import sharp, { type Sharp } from 'sharp';
import { concatBytes } from '#pixrnn/bytes.js';

/** Returns a pipeline of a drawn image with edges, gradients and texture, to be encoded by sharp. */
export function drawnImage(width: number, height: number, channels: 1 | 3 = 3, seed = 1): Sharp {
  let state = seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const samples = new Uint8Array(width * height * channels);
  for (let i = 0; i < samples.length; i++) {
    const channel = i % channels;
    const pixel = Math.floor(i / channels);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const edge = (x >> 3) % 3 === (y >> 4) % 3 ? 80 : 0;
    samples[i] = Math.min(255, 40 + channel * 20 + x + (y >> 1) + edge + random() * 30);
  }
  return sharp(samples, { raw: { width, height, channels } });
}

/** Returns a JPEG file that is followed by a number of thumbnails. */
export async function fileWithThumbnails(count: number): Promise<Uint8Array> {
  const thumbnail = await drawnImage(8, 8).jpeg().toBuffer();
  return concatBytes([await drawnImage(16, 16).jpeg().toBuffer(), ...Array.from({ length: count }, () => thumbnail)]);
}
