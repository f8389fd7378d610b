import type { CommandModule } from 'yargs';
import { withPool } from '../../codec/coding-options.js';
import { type Compressed, type CompressOptions, compressRaster } from '../../codec/compress.js';
import { expectedSeconds } from '../../codec/expected-time.js';
import { type ReadImage, readImage } from '../../image/read-image.js';
import { forEachFile, printJson } from '../batch.js';
import { readInput } from '../input.js';
import { displayName, formatBitsPerDim, formatBytes, formatDuration, formatPercent } from '../messages.js';
import {
  checkWriting,
  coding,
  type CodingArguments,
  effortOf,
  fileList,
  modelOf,
  likelihood,
  type LikelihoodArguments,
  reading,
  type ReadingArguments,
  readOptionsOf,
  writing,
  type WritingArguments,
} from '../options.js';
import { checkTarget, displayTarget, IMAGE_ENDINGS, outputName, type Target, writeTarget } from '../output.js';
import { startProgress } from '../progress.js';

interface CompressArguments extends CodingArguments, LikelihoodArguments, ReadingArguments, WritingArguments {
  images: string[];
  'no-verify': boolean;
}

/** From so many pixels on, what a file will take is said before. */
const LARGE = 4_000_000;

export const compressCommand: CommandModule<object, CompressArguments> = {
  command: 'compress <images..>',
  describe: 'Compress images: photo.png -> photo.prnn beside it',
  builder: (yargs) =>
    yargs
      .positional('images', fileList('PNG, TIFF, WebP, BMP, PNM or GIF files; - is standard input'))
      .options({
        ...writing,
        ...likelihood,
        ...reading,
        'no-verify': { describe: 'Do not decode the result to compare it', type: 'boolean', default: false },
        ...coding,
      })
      .example('$0 compress photo.png', 'Writes photo.prnn')
      .example('$0 compress --effort 1 photo.png', 'The same in less time, and a little larger')
      .example('$0 compress --force --threads 2 *.png', 'Several files, replacing earlier results'),
  handler: async (args) => {
    checkWriting(args.images, args);
    const model = await modelOf(args);
    await withPool({ threads: args.threads }, (pool) =>
      forEachFile(args.images, args.json, (image) =>
        compressFile(image, args, { model, effort: effortOf(args), pool }),
      ),
    );
  },
};

async function compressFile(image: string, args: CompressArguments, options: CompressOptions): Promise<void> {
  const began = performance.now();
  const { bytes: source, stats } = await readInput(image);
  const path = args.output ?? outputName(image, IMAGE_ENDINGS, '.prnn');
  const target: Target = { path, force: args.force, source: stats };
  checkTarget(target);
  const read = await readImage(source, readOptionsOf(args));
  const { raster, metadata } = read;
  const codingOptions: CompressOptions = {
    ...options,
    metadata,
    pngStream: read.source.png ?? undefined,
    verify: !args['no-verify'],
  };
  if (!args.quiet && raster.width * raster.height >= LARGE) {
    const time = formatDuration(await expectedSeconds(raster, codingOptions));
    process.stderr.write(`${displayName(image)}: ${formatMegapixels(raster)} will take about ${time}\n`);
  }

  const progress = startProgress(image, args.quiet, args['no-verify'] ? ['coding'] : ['coding', 'verifying']);
  const compressed = await compressRaster(raster, { ...codingOptions, onProgress: progress.update }).finally(
    progress.stop,
  );
  await writeTarget(target, compressed.bytes);

  const { width, height, channels, depth, indexed } = raster;
  const bytes = compressed.bytes.length;
  const bitsPerDim = (8 * bytes) / (width * height * channels);
  if (args.json) {
    printJson({
      file: image,
      output: path,
      format: read.source.format,
      width,
      height,
      channels,
      depth,
      indexed,
      model: { id: compressed.modelId, name: compressed.modelName },
      effort: compressed.effort,
      tiles: compressed.tiles,
      representations: compressed.representations,
      sourceBytes: source.length,
      bytes,
      bitsPerDim,
      codedBytes: compressed.codedBytes,
      metadataBytes: compressed.metadataBytes,
      overheadBytes: compressed.overheadBytes,
      verified: !args['no-verify'],
      warnings: read.source.warnings,
      seconds: (performance.now() - began) / 1000,
    });
  } else if (!args.quiet) {
    const names = `${displayName(image)} -> ${displayTarget(path)}`;
    const size = `${formatBytes(bytes)} (${formatPercent(bytes, source.length)} of the ${read.source.format})`;
    const verified = args['no-verify'] ? 'not verified' : 'verified';
    const result = [`${size}, ${verified}`, ...remarks(compressed, read, source.length)].join('; ');
    process.stderr.write(`${names}  ${formatBitsPerDim(bitsPerDim)}  ${result}\n`);
  }
}

function formatMegapixels({ width, height }: ReadImage['raster']): string {
  return `${((width * height) / 1e6).toFixed(1)} megapixels`;
}

/** What is disappointing about a result. */
function remarks({ bytes, representations }: Compressed, { source }: ReadImage, sourceBytes: number): string[] {
  const lines = [...source.warnings];
  if (representations.png > 0) lines.push("stored as the PNG's own stream: nothing was smaller");
  const { model, colours, raw } = representations;
  if (raw > 0) lines.push(`stored raw${model + colours > 0 ? ' in part' : ''}: nothing was smaller`);
  if (bytes.length > sourceBytes) lines.push(`larger than the ${source.format}`);
  return lines;
}
