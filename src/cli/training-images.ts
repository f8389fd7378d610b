import { codesDepth } from '../codec/models.js';
import { dataFolder } from '../datasets/data-folder.js';
import { type Dataset, type DatasetName, datasetSource, imageOf, loadDataset } from '../datasets/dataset.js';
import { PixrnnError } from '../errors.js';
import type { ModelSpec } from '../model/architectures.js';
import type { TrainingImage } from '../train/dataset.js';
import { DEFAULT_SETTINGS, type RunSettings } from '../train/settings.js';
import { chooseHeldOut, type Split, splitImages } from '../train/split.js';
import { formatCount, leftOutLine } from './messages.js';
import { DEFAULT_HELD_OUT, DEFAULT_HELD_OUT_IMAGES } from './training-options.js';
import { standard } from './streams.js';

/** Where the images of `train` come from: a folder or a data set. */
export interface ImagesArguments {
  folder: string | undefined;
  dataset: DatasetName | undefined;
  data: string | undefined;
  gray: boolean | undefined;
  'held-out': number | undefined;
  'held-out-images': number | undefined;
}

/** A digit is another one in a mirror, a photograph of a thing is not. */
const ORIENTATIONS: Readonly<Record<DatasetName, number>> = { cifar10: 2, mnist: 1 };

/** The arguments with --gray as the data set has it. Throws `usage` where they contradict each other. */
export function withDatasetChannels<T extends ImagesArguments>(args: T): T {
  const { folder, dataset: name, gray } = args;
  const wrong = (what: string): PixrnnError => new PixrnnError('usage', what);
  if (folder !== undefined && name !== undefined) throw wrong('there are a folder and --dataset. Name one of them.');
  if (name === undefined) {
    if (folder === undefined)
      throw wrong('there are no images to train on. Name a folder, or a data set by --dataset.');
    for (const option of ['data', 'held-out-images'] as const) {
      if (args[option] !== undefined) throw wrong(`--${option} goes with --dataset. Leave it out.`);
    }
    return args;
  }
  if (args['held-out'] !== undefined) {
    throw wrong('--held-out is for a folder; a data set has validation images. Use --held-out-images.');
  }
  const { shape, counts } = datasetSource(name);
  const most = counts.valid;
  if ((args['held-out-images'] ?? 0) > most) {
    throw wrong(`${name} has ${formatCount(most)} validation images. Lower --held-out-images.`);
  }
  const isGray = shape.channels === 1;
  if (gray !== undefined && gray !== isGray) {
    throw wrong(`the images of ${name} are ${isGray ? 'gray' : 'RGB'}. Leave out --gray.`);
  }
  return { ...args, gray: isGray };
}

/** The settings of a new run. */
export function defaultSettings({ dataset: name }: ImagesArguments, { architecture }: ModelSpec): RunSettings {
  const settings = DEFAULT_SETTINGS[architecture];
  if (name === undefined) return settings;
  const { width, height } = datasetSource(name).shape;
  return { ...settings, crop: Math.min(width, height), orientations: ORIENTATIONS[name] };
}

/** Throws `usage` where a data set's images do not suit the model or the crops. */
export function checkImages({ dataset: name }: ImagesArguments, spec: ModelSpec, { crop }: RunSettings): void {
  if (name === undefined) return;
  const { width, height, depth } = datasetSource(name).shape;
  if (crop > Math.min(width, height)) {
    throw new PixrnnError(
      'usage',
      `the images of ${name} are ${width}x${height}, smaller than --crop ${crop}. Lower it.`,
    );
  }
  if (!codesDepth({ spec }, depth)) {
    const bits = depth === 1 ? '1 bit' : `${depth} bits`;
    throw new PixrnnError(
      'usage',
      `the model ${spec.architecture} does not code samples of ${bits}, which ${name} has. Use another model.`,
    );
  }
}

/**
 * The images to train on and to measure on; `stored` are the names that a resumed run holds out. Throws as `loadFolder`,
 * `loadDataset`, `chooseHeldOut` and `splitImages`.
 */
export async function loadImages(
  args: ImagesArguments,
  spec: ModelSpec,
  crop: number,
  stored: readonly string[] | null | undefined,
  say: (line: string) => void,
): Promise<Split & { readonly heldOutNames: readonly string[] }> {
  const { folder, dataset: name } = args;
  const option = name === undefined ? 'held-out' : 'held-out-images';
  const names = stored ?? undefined;
  const loaded =
    name === undefined
      ? await folderImages(folder as string, spec, crop, names, args['held-out'] ?? DEFAULT_HELD_OUT)
      : await datasetImages(name, args, names, say);
  if (names && args[option] !== undefined) {
    say(`the images held out are those that the run began with, whatever --${option} says`);
  }
  const { images, heldOutNames } = loaded;
  return { ...splitImages(images, heldOutNames), heldOutNames };
}

interface Loaded {
  readonly images: readonly TrainingImage[];
  readonly heldOutNames: readonly string[];
}

async function folderImages(
  folder: string,
  { channels }: ModelSpec,
  crop: number,
  stored: readonly string[] | undefined,
  interval: number,
): Promise<Loaded> {
  const { loadFolder } = await import('../train/dataset.js');
  const images = await loadFolder(folder, channels, crop, (name, why) => {
    standard.stderr.write(leftOutLine(name, why));
  });
  return { images, heldOutNames: stored ?? chooseHeldOut(images, interval) };
}

/** All images to train on, and of the validation images those that are held out: the others are not used. */
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

/** Each as an image of its own, named as "cifar10/valid/00042"; the samples stay where they are. */
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
