import { type CompressOptions, compressRaster } from '../codec/compress.js';
import type { Effort } from '../engine/effort.js';
import { metadataLength, type PngStream, type RepresentationCounts } from '../codec/container.js';
import type { Raster } from '../image/raster.js';
import type { Channels, Depth } from '../samples.js';
import { strippedMetadata } from './stripped.js';

/** Bits for each sub-pixel (dim) of an image or of several. */
export interface Rates {
  /** Of the .prnn file, everything included. */
  file: number;
  /** Of the .prnn file without metadata. */
  stripped: number;
  /** Of the image's own file, everything included. */
  source: number;
  /** What the model's likelihood calls for, before anything is rounded or coded. */
  model: number;
  /** The same after the mixer, which is what is coded; without one it is the model's. */
  mixed: number;
  /** That by channel, in bits a pixel: gray or R, G, B, and alpha last. A total has that of R, G and B of images that have them. */
  perChannel: number[];
  /** Bits a pixel of what was coded without a model and for several channels together. */
  other: number;
  /** How much longer the coded samples are than that, in per cent. */
  overheadPercent: number;
}

interface Sums {
  /** Sub-pixels. */
  dims: number;
  sourceBytes: number;
  prnnBytes: number;
  /** Of the .prnn file without metadata, as --strip-metadata writes it: what other codecs are compared with. */
  strippedBytes: number;
  /** Coded samples alone. */
  codedBytes: number;
  rates: Rates;
}

/** Figures of one image. */
export interface Figures extends Sums {
  width: number;
  height: number;
  channels: Channels;
  depth: Depth;
  indexed: boolean;
  tiles: number;
  representations: RepresentationCounts;
  model: { id: string; name: string };
  effort: Effort;
  /** Code length of each channel in bits, by the model's likelihood and after the mixer. */
  modelBits: readonly number[];
  mixedBits: readonly number[];
  /** Of what was coded without a model and for several channels together. */
  otherBits: number;
}

/** Figures of several images together; perChannel is of those with R, G and B. */
export interface Totals extends Sums {
  files: number;
}

/** Compresses an image to measure it. */
export async function measureImage(
  source: { raster: Raster; metadata: readonly Uint8Array[]; pngStream: PngStream | undefined; bytes: number },
  options: CompressOptions,
): Promise<Figures> {
  const { raster, metadata, pngStream, bytes: sourceBytes } = source;
  const compressed = await compressRaster(raster, { ...options, metadata, pngStream, verify: false });
  const { width, height, channels, depth, indexed } = raster;
  const pixels = width * height;
  const { codeLengthBits: mixedBits, modelCodeLengthBits: modelBits, otherBits, codedBytes } = compressed;
  const prnnBytes = compressed.bytes.length;
  const kept = metadataLength(await strippedMetadata(raster, metadata));
  const strippedBytes = prnnBytes - compressed.metadataBytes + kept;
  const sums = { dims: pixels * channels, sourceBytes, prnnBytes, strippedBytes, codedBytes };
  return {
    width,
    height,
    channels,
    depth,
    indexed,
    tiles: compressed.tiles,
    representations: compressed.representations,
    model: { id: compressed.modelId, name: compressed.modelName },
    effort: compressed.effort,
    modelBits,
    mixedBits,
    otherBits,
    ...sums,
    rates: {
      ...ratesOf(sums, sum(modelBits) + otherBits, sum(mixedBits) + otherBits),
      perChannel: mixedBits.map((bits) => bits / pixels),
      other: otherBits / pixels,
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
    strippedBytes: add(({ strippedBytes }) => strippedBytes),
    codedBytes: add(({ codedBytes }) => codedBytes),
  };
  const colour = images.filter(({ channels }) => channels >= 3);
  const pixels = sum(colour.map(({ width, height }) => width * height));
  const perChannel =
    pixels === 0
      ? []
      : [0, 1, 2].map((channel) => sum(colour.map(({ mixedBits }) => mixedBits[channel] ?? 0)) / pixels);
  const otherBits = add((figures) => figures.otherBits);
  const modelBits = add((figures) => sum(figures.modelBits)) + otherBits;
  const mixedBits = add((figures) => sum(figures.mixedBits)) + otherBits;
  const other = otherBits / add(({ width, height }) => width * height);
  return { files: images.length, ...sums, rates: { ...ratesOf(sums, modelBits, mixedBits), perChannel, other } };
}

function ratesOf(
  { dims, sourceBytes, prnnBytes, strippedBytes, codedBytes }: Omit<Sums, 'rates'>,
  modelBits: number,
  mixedBits: number,
) {
  return {
    file: (8 * prnnBytes) / dims,
    stripped: (8 * strippedBytes) / dims,
    source: (8 * sourceBytes) / dims,
    model: modelBits / dims,
    mixed: mixedBits / dims,
    overheadPercent: 100 * ((8 * codedBytes) / mixedBits - 1),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
