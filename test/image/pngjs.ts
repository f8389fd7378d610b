import { PNG } from 'pngjs';
import { readChunks, writeChunks } from '#pixrnn/image/png-chunks.js';
import type { Samples } from '#pixrnn/samples.js';

/** Positions of an image's channels in the RGBA pixels that pngjs returns. */
const PLACES = { 1: [0], 2: [0, 3], 3: [0, 1, 2], 4: [0, 1, 2, 3] } as const;

/** Decodes an 8-bit gray or RGB PNG file with pngjs, an independent decoder: [height][width][channels]. */
export function decodeWithPngjs(png: Uint8Array, channels: 1 | 3): Uint8Array {
  const { data } = PNG.sync.read(Buffer.from(png));
  return pick(data, PLACES[channels], new Uint8Array((data.length / 4) * channels));
}

/**
 * Returns the samples of any PNG file as pngjs decodes them, neither scaled nor looked up in a palette: it receives
 * only the header and the image data, and reads indices as gray.
 */
export function rawSamplesWithPngjs(png: Uint8Array): Samples {
  const chunks = readChunks(png).chunks.filter(({ type }) => ['IHDR', 'IDAT', 'IEND'].includes(type));
  const header = Buffer.from(chunks[0]!.data);
  const [depth, colourType] = [header[8], header[9]!];
  if (colourType === 3) header[9] = 0;
  const bare = writeChunks([{ type: 'IHDR', data: header }, ...chunks.slice(1)]);
  const rgba: ArrayLike<number> = PNG.sync.read(Buffer.from(bare), { skipRescale: true }).data;
  const places = PLACES[([1, 1, 3, 1, 2, 1, 4] as const)[colourType]!];
  const count = (rgba.length / 4) * places.length;
  return pick(rgba, places, depth === 16 ? new Uint16Array(count) : new Uint8Array(count));
}

function pick<T extends Samples>(rgba: ArrayLike<number>, places: readonly number[], samples: T): T {
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    for (const place of places) samples[to++] = rgba[from + place]!;
  }
  return samples;
}
