import { shellWord } from '../node/path-text.js';
import { PixrnnError } from '../errors.js';
import { cifar10 } from './cifar10.js';
import { dataFolder } from './data-folder.js';
import { mnist } from './mnist.js';
import type { DatasetName, SplitName } from './names.js';
import type { DatasetShape, DatasetSource } from './source.js';

export { DATASET_NAMES, type DatasetName, SPLIT_NAMES, type SplitName } from './names.js';

/** One split of a data set, in memory. */
export interface Dataset extends DatasetShape {
  readonly name: DatasetName;
  readonly split: SplitName;
  /** Title for reports. */
  readonly title: string;
  /** Caveat about figures on this set; null if it is the standard set. */
  readonly note: string | null;
  readonly count: number;
  /** [count][height][width][channels]; 1-bit samples are 0 or 1. */
  readonly samples: Uint8Array;
}

const SOURCES: Readonly<Record<DatasetName, DatasetSource>> = { cifar10, mnist };

export function datasetSource(name: DatasetName): DatasetSource {
  return SOURCES[name];
}

/** Loads one split of a data set from the data directory. Throws `input-unreadable` if it is missing, incomplete or corrupt. */
export async function loadDataset(
  name: DatasetName,
  split: SplitName,
  { folder }: { readonly folder?: string | undefined } = {},
): Promise<Dataset> {
  const { label, shape, counts, find } = datasetSource(name);
  const data = dataFolder(folder);
  const found = await find(data);
  if (!found) {
    const where = folder === undefined ? '' : ` --data ${shellWord(folder)}`;
    throw new PixrnnError(
      'input-unreadable',
      `${label} is not installed in ${shellWord(data)}. Install it with \`pixrnn dataset install ${name}${where}\`.`,
    );
  }
  const { title, note } = found;
  return { name, split, title, note, ...shape, count: counts[split], samples: await found.samples(split) };
}

/** Returns the samples of one image, [height][width][channels], as a view of the data set's memory. */
export function imageOf({ width, height, channels, samples }: Dataset, i: number): Uint8Array {
  const length = width * height * channels;
  return samples.subarray(i * length, (i + 1) * length);
}
