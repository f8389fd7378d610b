import { dataFolder } from '#pixrnn/datasets/data-folder.js';
import { datasetSource, imageOf, loadDataset } from '#pixrnn/datasets/dataset.js';
import { installDataset } from '#pixrnn/datasets/install.js';
import type { Pixels } from './pixels.js';

/**
 * The first `count` of CIFAR-10's test images, in the data set's own order; it is installed first where it is not in the
 * data folder yet.
 */
export async function cifar10TestImages(count: number, data?: string): Promise<Pixels[]> {
  const onStep = (what: string): void => void process.stderr.write(`${what}\n`);
  await installDataset(datasetSource('cifar10'), dataFolder(data), { onStep });
  const set = await loadDataset('cifar10', 'test', { folder: data });
  const { width, height } = set;
  return Array.from({ length: Math.min(count, set.count) }, (_, i) => ({ width, height, samples: imageOf(set, i) }));
}
