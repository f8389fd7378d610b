import { codesDepth } from '../codec/models.js';
import { dataFolder } from '../datasets/data-folder.js';
import { type Dataset, type DatasetName, datasetSource, imageOf, loadDataset } from '../datasets/dataset.js';
import { PixrnnError } from '../errors.js';
import type { ModelSpec } from '../model/architectures.js';
import type { TrainingImage } from '../train/dataset.js';
import { DEFAULT_SETTINGS, type RunSettings } from '../train/settings.js';
import { chooseHeldOut, type Split, splitImages } from '../train/split.js';
import { formatCount, skippedLine } from './messages.js';
import { DEFAULT_HELD_OUT, DEFAULT_HELD_OUT_IMAGES } from './training-options.js';
import { standard } from './streams.js';

/** The options that select the images of `train`: a directory or a data set. */
export interface ImagesArguments {
  directory: string | undefined;
  dataset: DatasetName | undefined;
  data: string | undefined;
  gray: boolean | undefined;
  'held-out': number | undefined;
  'held-out-images': number | undefined;
}

/** Default orientations: mirroring preserves what a photograph shows, but not digits. */
const ORIENTATIONS: Readonly<Record<DatasetName, number>> = { cifar10: 2, mnist: 1 };

/**
 * Returns the arguments with --gray set to match the data set.
 * @throws PixrnnError 'usage' if they are contradictory
 */
export function withDatasetChannels<T extends ImagesArguments>(args: T): T {
  const { directory, dataset: name, gray } = args;
  const wrong = (message: string): PixrnnError => new PixrnnError('usage', message);
  if (directory !== undefined && name !== undefined)
    throw wrong('a directory and --dataset cannot be combined. Remove one of them.');
  if (name === undefined) {
    if (directory === undefined) throw wrong('no images to train on. Name a directory, or a data set with --dataset.');
    for (const option of ['data', 'held-out-images'] as const) {
      if (args[option] !== undefined) throw wrong(`--${option} needs --dataset. Remove it.`);
    }
    return args;
  }
  if (args['held-out'] !== undefined) {
    throw wrong('--held-out is only for directories; data sets have validation images. Use --held-out-images.');
  }
  const { shape, counts } = datasetSource(name);
  const max = counts.valid;
  if ((args['held-out-images'] ?? 0) > max) {
    throw wrong(`${name} has ${formatCount(max)} validation images. Lower --held-out-images.`);
  }
  const isGray = shape.channels === 1;
  if (gray !== undefined && gray !== isGray) {
    throw wrong(`the images of ${name} are ${isGray ? 'gray' : 'RGB'}. Remove --gray.`);
  }
  return { ...args, gray: isGray };
}

/** Returns the default settings of a new run. */
export function defaultSettings({ dataset: name }: ImagesArguments, { architecture }: ModelSpec): RunSettings {
  const settings = DEFAULT_SETTINGS[architecture];
  if (name === undefined) return settings;
  const { width, height } = datasetSource(name).shape;
  return { ...settings, crop: Math.min(width, height), orientations: ORIENTATIONS[name] };
}

/** @throws PixrnnError 'usage' if a data set's images do not fit the model or the crop size */
export function checkImages({ dataset: name }: ImagesArguments, spec: ModelSpec, { crop }: RunSettings): void {
  if (name === undefined) return;
  const { width, height, depth } = datasetSource(name).shape;
  if (crop > Math.min(width, height)) {
    throw new PixrnnError(
      'usage',
      `the images of ${name} are ${width}x${height}, smaller than --crop ${crop}. Lower --crop.`,
    );
  }
  if (!codesDepth({ spec }, depth)) {
    const bits = depth === 1 ? '1 bit' : `${depth} bits`;
    throw new PixrnnError(
      'usage',
      `the model ${spec.architecture} does not support the samples of ${name} (${bits}). Use another model.`,
    );
  }
}

/**
 * Loads the images to train on and to evaluate on.
 * @param stored names of the images that a resumed run holds out
 * @throws PixrnnError as `loadFolder`, `loadDataset`, `chooseHeldOut` and `splitImages`
 */
export async function loadImages(
  args: ImagesArguments,
  spec: ModelSpec,
  crop: number,
  stored: readonly string[] | null | undefined,
  say: (line: string) => void,
): Promise<Split & { readonly heldOutNames: readonly string[] }> {
  const { directory, dataset: name } = args;
  const option = name === undefined ? 'held-out' : 'held-out-images';
  const names = stored ?? undefined;
  const loaded =
    name === undefined
      ? await directoryImages(directory as string, spec, crop, names, args['held-out'] ?? DEFAULT_HELD_OUT)
      : await datasetImages(name, args, names, say);
  if (names && args[option] !== undefined) {
    say(`--${option} is ignored: a resumed run keeps its held-out images`);
  }
  const { images, heldOutNames } = loaded;
  return { ...splitImages(images, heldOutNames), heldOutNames };
}

interface Loaded {
  readonly images: readonly TrainingImage[];
  readonly heldOutNames: readonly string[];
}

async function directoryImages(
  directory: string,
  { channels }: ModelSpec,
  crop: number,
  stored: readonly string[] | undefined,
  interval: number,
): Promise<Loaded> {
  const { loadFolder } = await import('../train/dataset.js');
  const images = await loadFolder(directory, channels, crop, (name, why) => {
    standard.stderr.write(skippedLine(name, why));
  });
  return { images, heldOutNames: stored ?? chooseHeldOut(images, interval) };
}

/** Loads all training images and the held-out validation images; other validation images are not used. */
async function datasetImages(
  name: DatasetName,
  args: ImagesArguments,
  stored: readonly string[] | undefined,
  say: (line: string) => void,
): Promise<Loaded> {
  const from = { folder: args.data };
  const [train, valid] = [await loadDataset(name, 'train', from), await loadDataset(name, 'valid', from)];
  say(`${train.title}, from ${dataFolder(args.data)}`);
  if (train.note !== null) say(train.note);
  const candidates = imagesOf(valid);
  const firstOnes = candidates.slice(0, args['held-out-images'] ?? DEFAULT_HELD_OUT_IMAGES);
  const heldOutNames = stored ?? firstOnes.map((image) => image.name);
  const wanted = new Set(heldOutNames);
  const heldOut = candidates.filter((image) => wanted.has(image.name));
  return { images: [...imagesOf(train), ...heldOut], heldOutNames };
}

/** Returns the images of a set, named as in "cifar10/valid/00042". The samples are not copied. */
function imagesOf(set: Dataset): TrainingImage[] {
  const { name, split, count, width, height, depth } = set;
  return Array.from({ length: count }, (_, i) => ({
    name: `${name}/${split}/${String(i).padStart(5, '0')}`,
    width,
    height,
    depth,
    samples: imageOf(set, i),
  }));
}
