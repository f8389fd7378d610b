import { allocateSamples, type Depth } from '../samples.js';
import type { PngMetadata } from './png-metadata.js';
import type { Raster } from './raster.js';
import { unsupported } from './refusals.js';

/** The palette of an indexed image: red, green, blue of each colour, and the alpha of the first colours. */
interface Palette {
  readonly colours: Uint8Array;
  readonly alpha: Uint8Array | undefined;
}

/**
 * Returns the image without palette and transparent colour, for formats that support neither: colours instead of
 * indices, an alpha channel instead of tRNS. Packed gray with a transparent value becomes 8-bit gray with alpha.
 * @throws PixrnnError 'input-unsupported' if an index is outside the palette
 */
export function expand(raster: Raster, { beforeImage }: PngMetadata): Raster {
  const find = (type: string): Uint8Array | undefined => beforeImage.find((chunk) => chunk.type === type)?.data;
  const transparent = find('tRNS');
  if (raster.indexed) return expandPalette(raster, { colours: find('PLTE')!, alpha: transparent });
  return transparent ? expandKey(raster, transparent) : raster;
}

function expandPalette(raster: Raster, { colours, alpha }: Palette): Raster {
  const channels = alpha ? 4 : 3;
  const samples = new Uint8Array(raster.samples.length * channels);
  raster.samples.forEach((index, pixel) => {
    if (index * 3 >= colours.length) {
      throw unsupported(
        `the image has a pixel with index ${index}, which is outside its palette`,
        'Write .png instead.',
      );
    }
    samples.set(colours.subarray(index * 3, index * 3 + 3), pixel * channels);
    if (alpha) samples[pixel * 4 + 3] = alpha[index] ?? 255;
  });
  return { ...raster, channels, depth: 8, indexed: false, samples };
}

function expandKey(raster: Raster, chunk: Uint8Array): Raster {
  const { channels, samples } = raster;
  const key = Array.from({ length: channels }, (_, c) => (chunk[2 * c]! << 8) | chunk[2 * c + 1]!);
  const depth: Depth = raster.depth === 16 ? 16 : 8;
  const opaque = 2 ** depth - 1;
  const factor = opaque / (2 ** raster.depth - 1);
  const expanded = allocateSamples((samples.length / channels) * (channels + 1), depth);
  for (let from = 0, to = 0; from < samples.length; from += channels) {
    let matches = true;
    for (let c = 0; c < channels; c++) {
      matches &&= samples[from + c] === key[c];
      expanded[to++] = samples[from + c]! * factor;
    }
    expanded[to++] = matches ? 0 : opaque;
  }
  return { ...raster, channels: channels === 1 ? 2 : 4, depth, samples: expanded };
}
