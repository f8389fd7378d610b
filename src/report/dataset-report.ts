import { runConcurrently } from '../semaphore.js';
import { compressRaster, type Compressed } from '../codec/compress.js';
import { measureRaster } from '../codec/measure.js';
import { type Dataset, imageOf } from '../datasets/dataset.js';
import type { Effort } from '../effort.js';
import type { Coders } from '../engine/pool.js';
import type { Raster } from '../image/raster.js';
import type { Model } from '../model/model.js';
import { findPeers, measurePeers, type MissingPeer, type PeerSize } from './peers.js';

/** Options for measuring a data set; one image per pool thread is measured at a time. */
export interface DatasetMeasurement {
  readonly model: Model;
  readonly pool: Coders;
  /** Called after each image with the number of measured images and their total. */
  readonly onImage: (done: number, total: number) => void;
}

/** Code lengths of images by the likelihood, without coding them. */
export interface LikelihoodFigures {
  readonly effort: Effort;
  readonly images: number;
  /** Sum over all images. */
  readonly bits: number;
  /** Standard error of the mean over images, in bits per image. */
  readonly standardError: number;
}

/** Sizes of .prnn files that were written, decoded and compared. */
export interface CodedFigures {
  readonly effort: Effort;
  readonly images: number;
  /** Total size of the files in bytes. */
  readonly fileBytes: number;
  /** Bytes of coded samples. */
  readonly codedBytes: number;
  /** Bytes of everything else: the container. */
  readonly containerBytes: number;
  /** Total code length by the likelihood. */
  readonly likelihoodBits: number;
  readonly agreement: Agreement;
  /** Number of files that do not use the model, because another representation was smaller. */
  readonly withoutModel: number;
  /** Total size in each other codec; null if it does not support one of the images. */
  readonly peers: readonly PeerSize[];
  readonly missingPeers: readonly MissingPeer[];
}

/** Difference between coded samples and likelihood per image, over the images that the model codes. */
export interface Agreement {
  readonly images: number;
  /** Mean and maximum of |coded samples - likelihood| in bytes; 0 without images. */
  readonly mean: number;
  readonly largest: number;
  /** Number of images within `tolerance`. */
  readonly within: number;
}

/** Returns the tolerated difference of coded samples and likelihood in bits: 0.02 % + 0.0001 bit per sub-pixel + 40 bytes. */
export function tolerance(likelihoodBits: number, dims: number): number {
  return 0.0002 * likelihoodBits + 0.0001 * dims + 8 * 40;
}

/** Measures the likelihood of `count` images, evenly spread over the set. */
export async function measureLikelihood(
  set: Dataset,
  count: number,
  effort: Effort,
  options: DatasetMeasurement,
): Promise<LikelihoodFigures> {
  const { model, pool } = options;
  const bits = await eachImage(set, count, options, async (raster, signal) =>
    sum(await measureRaster(raster, { model, pool, effort, signal })),
  );
  const mean = sum(bits) / count;
  const variance = count > 1 ? sum(bits.map((b) => (b - mean) ** 2)) / (count - 1) : 0;
  return { effort, images: count, bits: sum(bits), standardError: Math.sqrt(variance / count) };
}

/** Compresses `count` images, evenly spread over the set, to .prnn files and with other codecs. */
export async function measureCoded(
  set: Dataset,
  count: number,
  effort: Effort,
  options: DatasetMeasurement,
): Promise<CodedFigures> {
  const { model, pool } = options;
  const { peers, missing } = await findPeers();
  const files = await eachImage(set, count, options, async (raster, signal) => {
    const compressed = await compressRaster(raster, { model, pool, effort, signal, verify: true });
    return { ...codedFile(compressed), peers: await measurePeers(raster, [], peers) };
  });
  const add = (value: (file: (typeof files)[number]) => number): number => sum(files.map(value));
  return {
    effort,
    images: count,
    fileBytes: add(({ fileBytes }) => fileBytes),
    codedBytes: add(({ codedBytes }) => codedBytes),
    containerBytes: add(({ fileBytes, codedBytes }) => fileBytes - codedBytes),
    likelihoodBits: add(({ likelihoodBits }) => likelihoodBits),
    agreement: agreementOf(
      files.filter(({ byModel }) => byModel),
      set.width * set.height * set.channels,
    ),
    withoutModel: files.filter(({ byModel }) => !byModel).length,
    peers: peers.map(({ name, setting }, index) => {
      const bytes = add((file) => file.peers[index]?.bytes ?? NaN);
      return { name, setting, bytes: Number.isNaN(bytes) ? null : bytes };
    }),
    missingPeers: missing.map(({ name, command, debian }) => ({ name, command, debian })),
  };
}

/** The figures of a compressed image. */
interface CodedFile {
  readonly fileBytes: number;
  readonly codedBytes: number;
  readonly likelihoodBits: number;
  readonly byModel: boolean;
}

function codedFile({ bytes, codedBytes, codeLengthBits, otherBits, representations }: Compressed): CodedFile {
  const likelihoodBits = sum(codeLengthBits) + otherBits;
  return { fileBytes: bytes.length, codedBytes, likelihoodBits, byModel: representations.model > 0 };
}

/** Compares coded samples with likelihoods; `dims` is the number of sub-pixels of each file. */
export function agreementOf(
  files: readonly Pick<CodedFile, 'codedBytes' | 'likelihoodBits'>[],
  dims: number,
): Agreement {
  const differences = files.map(({ codedBytes, likelihoodBits }) => Math.abs(8 * codedBytes - likelihoodBits));
  const within = files.filter(({ likelihoodBits }, i) => differences[i]! <= tolerance(likelihoodBits, dims)).length;
  const mean = sum(differences) / 8 / Math.max(1, files.length);
  return { images: files.length, mean, largest: Math.max(0, ...differences) / 8, within };
}

/**
 * Measures `count` images, evenly spread over the set, and returns the results in order. Spread, because sets may be sorted, as
 * MNIST's binarised test images are.
 */
async function eachImage<T>(
  set: Dataset,
  count: number,
  { pool, onImage }: DatasetMeasurement,
  measure: (raster: Raster, signal: AbortSignal) => Promise<T>,
): Promise<T[]> {
  const { width, height, channels, depth } = set;
  let done = 0;
  const tasks = Array.from({ length: count }, (_, i) => async (signal: AbortSignal) => {
    const samples = imageOf(set, Math.floor((i * set.count) / count));
    const result = await measure({ width, height, channels, depth, indexed: false, samples }, signal);
    onImage(++done, count);
    return result;
  });
  return runConcurrently(tasks, pool.threads);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
