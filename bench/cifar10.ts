import { dataFolder } from '#pixrnn/datasets/data-folder.js';
import { datasetSource, imageOf, loadDataset } from '#pixrnn/datasets/dataset.js';
import { installDataset } from '#pixrnn/datasets/install.js';
import type { Pixels } from './pixels.js';

/**
 * Returns the first `count` CIFAR-10 test images in the data set's order. Installs the data set first if the data
 * folder lacks it.
 */
export async function cifar10TestImages(count: number, data?: string): Promise<Pixels[]> {
  const onStep = (what: string): void => void process.stderr.write(`${what}\n`);
  await installDataset(datasetSource('cifar10'), dataFolder(data), { onStep });
  const set = await loadDataset('cifar10', 'test', { folder: data });
  const { width, height } = set;
  return Array.from({ length: Math.min(count, set.count) }, (_, i) => ({ width, height, samples: imageOf(set, i) }));
}
