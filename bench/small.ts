import '#pixrnn/node/install.js';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { compressRaster, decompressToRaster, type Effort, EnginePool, idText, modelFor } from '#pixrnn/index.js';
import { sameSamples } from '#pixrnn/samples.js';
import { cifar10TestImages } from './cifar10.js';
import { type CodecName, CODECS, PACKAGE_OF } from './codec.js';
import { gitCommit, today } from './environment.js';
import { fixed, markdownFile, markdownTable, writeReport } from './markdown.js';
import { requirePrograms } from './measured-run.js';
import { countOption, runMain } from './options.js';
import { type Pixels, withoutMetadata } from './pixels.js';
import { runCodec } from './run-codec.js';
import { mean } from './statistics.js';
import { temporaryFolder } from './temporary-folder.js';

const HELP = `Compares pixrnn with PNG, WebP and JPEG XL on small images: CIFAR-10's first test images as separate files. Run from the
root of the repository.

npm run bench:small -- [options]
  --count N        images (500)
  --effort N       pixrnn's effort (3)
  --core N         core that cjxl and cwebp run on (0)
  --data DIR       directory of data sets ($PIXRNN_DATA, or ~/.cache/pixrnn); CIFAR-10 is installed there if missing
  --out FILE       write the table here instead of to standard output
`;

const OTHERS: readonly CodecName[] = ['cjxl-9', 'cwebp-9'];

/** Sizes of one image's files, in bytes. */
interface Sizes {
  /** The .prnn file. */
  pixrnn: number;
  /** Bytes of the .prnn file that are not coded samples. */
  overhead: number;
  /** Code length by the model's likelihood, in bits. */
  likelihoodBits: number;
  png: number;
  others: number[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string' },
      effort: { type: 'string' },
      core: { type: 'string', default: '0' },
      data: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  await requirePrograms({ ...PACKAGE_OF, npm: 'npm', tar: 'tar' });
  const effort = countOption('effort', values.effort, 3) as Effort; // compressRaster rejects other values
  const folder = temporaryFolder();
  const images = await cifar10TestImages(countOption('count', values.count, 500), values.data);
  const pool = await EnginePool.create({ threads: 1 });
  const sizes: Sizes[] = [];
  try {
    for (const [index, image] of images.entries()) {
      sizes.push(await sizesOf(image, { effort, pool, core: values.core, folder: join(folder, String(index)) }));
      if ((index + 1) % 50 === 0) process.stderr.write(`${index + 1}/${images.length}\n`);
    }
  } finally {
    await pool.close();
  }
  const report = await reportOf(sizes, effort);
  await writeReport(report, values.out);
}

/** @throws Error if a file does not decode to the image */
async function sizesOf(
  image: Pixels,
  { effort, pool, core, folder }: { effort: Effort; pool: EnginePool; core: string; folder: string },
): Promise<Sizes> {
  await mkdir(folder);
  const png = withoutMetadata(await smallestPng(image));
  const path = join(folder, 'source.png');
  await writeFile(path, png);
  const others: number[] = [];
  for (const name of OTHERS) {
    const { bytes, lossless } = await runCodec(name, path, image, { core, folder });
    if (!lossless) throw new Error(`${CODECS[name].label} was not lossless.`);
    others.push(bytes);
  }
  await rm(folder, { recursive: true });

  const coded = await compressRaster(
    { ...image, channels: 3, depth: 8, indexed: false },
    { effort, pool, verify: false },
  );
  const { raster } = await decompressToRaster(coded.bytes, { pool });
  if (!sameSamples(image.samples, raster.samples)) throw new Error('pixrnn was not lossless.');
  const likelihoodBits = coded.codeLengthBits.reduce((sum, bits) => sum + bits, coded.otherBits);
  return { pixrnn: coded.bytes.length, overhead: coded.overheadBytes, likelihoodBits, png: png.length, others };
}

/** Returns the size at zlib level 9, the smaller of with and without filters. */
async function smallestPng({ width, height, samples }: Pixels): Promise<Buffer> {
  const encode = (adaptiveFiltering: boolean): Promise<Buffer> =>
    sharp(samples, { raw: { width, height, channels: 3 } })
      .png({ compressionLevel: 9, adaptiveFiltering })
      .toBuffer();
  const [plain, filtered] = await Promise.all([encode(false), encode(true)]);
  return plain.length < filtered.length ? plain : filtered;
}

async function reportOf(sizes: readonly Sizes[], effort: Effort): Promise<string> {
  const smallest = ({ png, others }: Sizes): number => Math.min(png, ...others);
  const columns: [label: string, bytesOf: (of: Sizes) => number][] = [
    [`pixrnn --effort ${effort}`, ({ pixrnn }) => pixrnn],
    ['smallest of the three below', smallest],
    ['PNG (zlib 9, with or without filters)', ({ png }) => png],
    ...OTHERS.map((name, i): [string, (of: Sizes) => number] => [CODECS[name].label, ({ others }) => others[i] ?? NaN]),
  ];
  const lines = columns.map(([label, bytesOf]) => {
    const bytes = mean(sizes.map(bytesOf));
    const ratio = mean(sizes.map((of) => of.pixrnn / bytesOf(of)));
    const wins = sizes.filter((of) => of.pixrnn < bytesOf(of)).length;
    const compared = bytesOf === columns[0]?.[1] ? ['', ''] : [fixed(ratio, 4), String(wins)];
    return [label, fixed(bytes, 1), fixed((8 * bytes) / (32 * 32 * 3), 3), ...compared];
  });
  const header = ['Codec', 'Mean bytes', 'Bits/dim', 'pixrnn / codec', 'Images where pixrnn is smaller'];
  const overheads = sizes.map(({ overhead }) => overhead);
  const likelihood = mean(sizes.map(({ likelihoodBits }) => likelihoodBits / 8));
  const coded = mean(sizes.map(({ pixrnn, overhead }) => pixrnn - overhead));
  const model = await modelFor(3);
  return markdownFile([
    `CIFAR-10's first ${sizes.length} test images, each a separate file of 32 x 32 RGB pixels, all decoded and compared. ` +
      `${model.name} ${idText(model.id)}, commit ${await gitCommit()}, ${today()}.`,
    markdownTable(header, lines),
    `Container overhead of pixrnn's files: ${Math.min(...overheads)} to ${Math.max(...overheads)} bytes, ${fixed(mean(overheads), 2)} ` +
      `on average. Coded samples: ${fixed(coded, 2)} bytes on average; by the likelihood ${fixed(likelihood, 2)}.`,
  ]);
}

await runMain(main);
