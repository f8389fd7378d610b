import { PNG } from 'pngjs';

/** What pngjs, a decoder of other hands, makes of an 8-bit gray or RGB PNG file: [height][width][channels]. */
export function decodeWithPngjs(png: Buffer, channels: 1 | 3): Uint8Array {
  const { width, height, data } = PNG.sync.read(png);
  const samples = new Uint8Array(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      samples[pixel * channels + channel] = data[pixel * 4 + channel]!;
    }
  }
  return samples;
}
