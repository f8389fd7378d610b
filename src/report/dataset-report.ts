import { runConcurrently } from '../semaphore.js';
import { compressRaster, type Compressed } from '../codec/compress.js';
import { measureRaster } from '../codec/measure.js';
import { type Dataset, imageOf } from '../datasets/dataset.js';
import type { Effort } from '../engine/effort.js';
import type { Coders } from '../engine/pool.js';
import type { Raster } from '../image/raster.js';
import type { Model } from '../model/model.js';
import { findPeers, measurePeers, type MissingPeer, type PeerSize } from './peers.js';

/** How images of a data set are measured: as many at a time as the pool has threads. */
export interface DatasetMeasurement {
  readonly model: Model;
  readonly pool: Coders;
  /** Called with images done and images in all. */
  readonly onImage: (done: number, total: number) => void;
}

/** Code lengths of images by the likelihood alone. */
export interface LikelihoodFigures {
  readonly effort: Effort;
  readonly images: number;
  /** Of all of them together. */
  readonly bits: number;
  /** Of the mean over images, in bits an image: how much another draw of as many images would differ. */
  readonly standardError: number;
}

/** Files of images, really written, decoded again and compared. */
export interface CodedFigures {
  readonly effort: Effort;
  readonly images: number;
  /** Bytes of all files together. */
  readonly fileBytes: number;
  /** Of these, coded samples. */
  readonly codedBytes: number;
  /** And what is left, the container. */
  readonly containerBytes: number;
  /** What the likelihood calls for, of all files together. */
  readonly likelihoodBits: number;
  readonly agreement: Agreement;
  /** Files whose samples are not coded by the model, since something else was smaller. */
  readonly withoutModel: number;
  /** The size of all these images in each other codec; null where it could not hold one of them. */
  readonly peers: readonly PeerSize[];
  readonly missingPeers: readonly MissingPeer[];
}

/** How far coded samples are from the likelihood, image by image, where the model codes them. */
export interface Agreement {
  readonly images: number;
  /** Mean and largest of |coded samples - likelihood|, in bytes; 0 of no images. */
  readonly mean: number;
  readonly largest: number;
  /** Images within `tolerance`. */
  readonly within: number;
}

/** How far coded samples may be from a likelihood of so many bits: 0.02 % + 0.0001 bit a sub-pixel + 40 bytes; in bits. */
export function tolerance(likelihoodBits: number, dims: number): number {
  return 0.0002 * likelihoodBits + 0.0001 * dims + 8 * 40;
}

/** The likelihood of `count` images, evenly spread over the set, each as an image of its own. */
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

/** `count` images, evenly spread over the set, as .prnn files and in other codecs. */
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

/** What is kept of a compressed image. */
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

/** Of files with so many sub-pixels each. */
export function agreementOf(
  files: readonly Pick<CodedFile, 'codedBytes' | 'likelihoodBits'>[],
  dims: number,
): Agreement {
  const apart = files.map(({ codedBytes, likelihoodBits }) => Math.abs(8 * codedBytes - likelihoodBits));
  const within = files.filter(({ likelihoodBits }, i) => apart[i]! <= tolerance(likelihoodBits, dims)).length;
  const mean = sum(apart) / 8 / Math.max(1, files.length);
  return { images: files.length, mean, largest: Math.max(0, ...apart) / 8, within };
}

/**
 * Works on `count` images, in their order in the result; only what the work returns is kept of each. They are evenly spread: sets
 * may be sorted, as MNIST's binarised test images are.
 */
async function eachImage<T>(
  set: Dataset,
  count: number,
  { pool, onImage }: DatasetMeasurement,
  work: (raster: Raster, signal: AbortSignal) => Promise<T>,
): Promise<T[]> {
  const { width, height, channels, depth } = set;
  let done = 0;
  const tasks = Array.from({ length: count }, (_, i) => async (signal: AbortSignal) => {
    const samples = imageOf(set, Math.floor((i * set.count) / count));
    const result = await work({ width, height, channels, depth, indexed: false, samples }, signal);
    onImage(++done, count);
    return result;
  });
  return runConcurrently(tasks, pool.threads);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
