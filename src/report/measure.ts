import { type CompressOptions, compressRaster } from '../codec/compress.js';
import type { OriginInfo } from '../codec/origin-info.js';
import type { Effort } from '../effort.js';
import { metadataLength, type RepresentationCounts } from '../codec/container.js';
import type { Raster } from '../image/raster.js';
import type { Channels, Depth } from '../samples.js';
import { strippedMetadata } from './stripped.js';

/** Rates of an image or of several, in bits/dim (bits per sub-pixel) unless noted. */
export interface Rates {
  /** The whole .prnn file. */
  file: number;
  /** The .prnn file without metadata. */
  stripped: number;
  /** The whole source file. */
  source: number;
  /** The model's likelihood, before rounding and coding. */
  model: number;
  /** The likelihood after the mixer, which the coder uses; equal to `model` without a mixer. */
  mixed: number;
  /** `mixed` by channel, in bits per pixel: gray or R, G, B, then alpha. Totals have R, G and B of the images with these channels. */
  perChannel: number[];
  /** Channels that were coded together without a model, or as luma and chroma, in bits per pixel. */
  other: number;
  /** Excess of the coded samples over `mixed`, in per cent. */
  overheadPercent: number;
}

interface Sums {
  /** Sub-pixels. */
  dims: number;
  sourceBytes: number;
  prnnBytes: number;
  /** Size of the .prnn file without metadata, as --strip-metadata writes it; compared with other codecs. */
  strippedBytes: number;
  /** Bytes of coded samples. */
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
  /** Null if no tile is coded as luma and chroma. */
  origin: OriginInfo | null;
  model: { id: string; name: string };
  effort: Effort;
  /** Code length of each channel in bits, by the model's likelihood and after the mixer. */
  modelBits: readonly number[];
  mixedBits: readonly number[];
  /** Bits of channels that were coded together without a model, or as luma and chroma. */
  otherBits: number;
}

/** Totals over several images; `perChannel` covers the images with R, G and B. */
export interface Totals extends Sums {
  files: number;
}

/** Compresses an image and returns its figures. */
export async function measureImage(
  source: { raster: Raster; metadata: readonly Uint8Array[]; bytes: number },
  options: CompressOptions,
): Promise<Figures> {
  const { raster, metadata, bytes: sourceBytes } = source;
  const compressed = await compressRaster(raster, { ...options, metadata, verify: false });
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
    origin: compressed.origin,
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

/** Returns totals over images, weighted by size. */
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
