import { PixrnnError } from '../errors.js';
import { cifar10 } from './cifar10.js';
import { dataFolder } from './data-folder.js';
import { mnist } from './mnist.js';
import type { DatasetName, SplitName } from './names.js';
import type { DatasetShape, DatasetSource } from './source.js';

export { DATASET_NAMES, type DatasetName, SPLIT_NAMES, type SplitName } from './names.js';

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
