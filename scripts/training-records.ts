/**
 * Writes the inputs of a photo network for all crops of a data set, for training in PyTorch (scripts/torch):
 * `npm run training-records -- MODEL DATASET DIR`. MODEL is a photo model, of which only channels and predictors count.
 * Crops are whole images, as they are and mirrored; the held-out images are those of `pixrnn train`.
 */
import '#pixrnn/node/install.js';
import { mkdir, open, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_HELD_OUT_IMAGES } from '#pixrnn/cli/training-options.js';
import { DATASET_NAMES, type Dataset, imageOf, loadDataset } from '#pixrnn/datasets/dataset.js';
import { PhotoFeatures } from '#pixrnn/engine/photo-features.js';
import { loadModel } from '#pixrnn/node/model-file.js';
import { orientedPiece } from '#pixrnn/train/dataset.js';
import { cropLayout, cropRecord } from './crop-records.js';

const [model, set, folder] = process.argv.slice(2);
const dataset = DATASET_NAMES.find((name) => name === set);
if (model === undefined || dataset === undefined || folder === undefined) {
  throw new Error(`Name a photo model, a data set (${DATASET_NAMES.join(', ')}) and the directory to write.`);
}
const { spec } = await loadModel(model);
if (spec.architecture !== 'photo') throw new Error(`${model} is not a photo model.`);
const { channels } = spec;
const train = await loadDataset(dataset, 'train');
const valid = await loadDataset(dataset, 'valid');
if (channels !== train.channels || train.depth !== 8) throw new Error(`${model} is not a model for ${dataset}.`);
const side = train.width;
const layout = cropLayout(spec, side);

await mkdir(folder, { recursive: true });
const needed = layout.bytes * (2 * train.count + DEFAULT_HELD_OUT_IMAGES);
const { bavail, bsize } = await statfs(folder);
if (bavail * bsize < needed) {
  const gigabytes = (n: number): string => `${Math.ceil(n / 1e9)} GB`;
  throw new Error(`${folder} has ${gigabytes(bavail * bsize)} left; the records need ${gigabytes(needed)}.`);
}
// Only a complete directory has it.
const layoutFile = join(folder, 'records.json');
await rm(layoutFile, { force: true });
const features = await PhotoFeatures.create();

/** Writes one record for each of the first `count` images, without gaps. */
const writeRecords = async (name: string, images: Dataset, count: number, orientation: number): Promise<void> => {
  const file = await open(join(folder, name), 'w');
  const whole = { left: 0, top: 0, width: side, height: side };
  for (let i = 0; i < count; i++) {
    const image = { name, width: side, height: side, depth: 8 as const, samples: imageOf(images, i) };
    const { samples } = orientedPiece(image, whole, orientation, channels);
    await file.write(cropRecord(features, samples, spec, side));
    if ((i + 1) % 1000 === 0) console.log(`${name}: ${i + 1} of ${count}`);
  }
  await file.close();
};

await writeRecords('valid.bin', valid, DEFAULT_HELD_OUT_IMAGES, 0);
await writeRecords('train-0.bin', train, train.count, 0);
await writeRecords('train-1.bin', train, train.count, 1); // mirrored
const counts = { train: train.count, valid: DEFAULT_HELD_OUT_IMAGES };
await writeFile(layoutFile, `${JSON.stringify({ ...layout, ...counts })}\n`);
