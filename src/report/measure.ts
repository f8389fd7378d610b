import { type CompressOptions, compressRaster } from '../codec/compress.js';
import type { Effort } from '../engine/effort.js';
import type { Raster } from '../image/raster.js';

/** Bits for each sub-pixel (dim) of an image or of several. */
export interface Rates {
  /** Of the .prnn file, everything included. */
  file: number;
  /** Of the PNG file, everything included. */
  source: number;
  /** What the model's likelihood calls for, before anything is rounded or coded. */
  model: number;
  /** The same after the mixer, which is what is coded; without one it is the model's. */
  mixed: number;
  /** That by channel; R, G, B or gray. Empty for a total without RGB images. */
  perChannel: number[];
  /** How much longer the coded samples are than that, in per cent. */
  overheadPercent: number;
}

interface Sums {
  /** Sub-pixels. */
  dims: number;
  sourceBytes: number;
  prnnBytes: number;
  /** Coded samples alone. */
  codedBytes: number;
  rates: Rates;
}

/** Figures of one image. */
export interface Figures extends Sums {
  width: number;
  height: number;
  channels: 1 | 3;
  model: { id: string; name: string };
  effort: Effort;
  /** Code length of each channel in bits, by the model's likelihood and after the mixer. */
  modelBits: number[];
  mixedBits: number[];
}

/** Figures of several images together; perChannel is of the RGB images among them. */
export interface Totals extends Sums {
  files: number;
}

/** Compresses an image to measure it. */
export async function measureImage(
  source: { raster: Raster; metadata: Uint8Array[]; bytes: number },
  options: CompressOptions,
): Promise<Figures> {
  const { raster, metadata, bytes: sourceBytes } = source;
  const compressed = await compressRaster(raster, { ...options, metadata, verify: false });
  const { width, height, channels } = raster;
  const pixels = width * height;
  const { codeLengthBits: mixedBits, modelCodeLengthBits: modelBits, codedBytes } = compressed;
  const sums = { dims: pixels * channels, sourceBytes, prnnBytes: compressed.bytes.length, codedBytes };
  return {
    width,
    height,
    channels,
    model: { id: compressed.modelId, name: compressed.modelName },
    effort: compressed.effort,
    modelBits,
    mixedBits,
    ...sums,
    rates: {
      ...ratesOf(sums, sum(modelBits), sum(mixedBits)),
      perChannel: mixedBits.map((bits) => bits / pixels),
    },
  };
}

/** Sums over images: large ones count for more, as on a disk. */
export function totalOf(images: readonly Figures[]): Totals {
  const add = (value: (figures: Figures) => number): number => sum(images.map(value));
  const sums = {
    dims: add(({ dims }) => dims),
    sourceBytes: add(({ sourceBytes }) => sourceBytes),
    prnnBytes: add(({ prnnBytes }) => prnnBytes),
    codedBytes: add(({ codedBytes }) => codedBytes),
  };
  const colour = images.filter(({ channels }) => channels === 3);
  const pixels = sum(colour.map(({ width, height }) => width * height));
  const perChannel =
    pixels === 0
      ? []
      : [0, 1, 2].map((channel) => sum(colour.map(({ mixedBits }) => mixedBits[channel] ?? 0)) / pixels);
  const modelBits = add((figures) => sum(figures.modelBits));
  const mixedBits = add((figures) => sum(figures.mixedBits));
  return { files: images.length, ...sums, rates: { ...ratesOf(sums, modelBits, mixedBits), perChannel } };
}

function ratesOf(
  { dims, sourceBytes, prnnBytes, codedBytes }: Omit<Sums, 'rates'>,
  modelBits: number,
  mixedBits: number,
) {
  return {
    file: (8 * prnnBytes) / dims,
    source: (8 * sourceBytes) / dims,
    model: modelBits / dims,
    mixed: mixedBits / dims,
    overheadPercent: 100 * ((8 * codedBytes) / mixedBits - 1),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
