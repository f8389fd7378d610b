import type { CommandModule } from 'yargs';
import { withPool } from '../../codec/coding-options.js';
import { type Compressed, type CompressOptions, compressRaster } from '../../codec/compress.js';
import { readImage } from '../../image/read-image.js';
import { forEachFile, printJson } from '../batch.js';
import { readInput } from '../input.js';
import { displayName, formatBitsPerDim, formatBytes, formatPercent } from '../messages.js';
import {
  checkWriting,
  coding,
  type CodingArguments,
  effortOf,
  fileList,
  modelOf,
  likelihood,
  type LikelihoodArguments,
  writing,
  type WritingArguments,
} from '../options.js';
import { checkTarget, displayTarget, outputName, type Target, writeTarget } from '../output.js';
import { startProgress } from '../progress.js';

interface CompressArguments extends CodingArguments, LikelihoodArguments, WritingArguments {
  images: string[];
  'no-verify': boolean;
}

export const compressCommand: CommandModule<object, CompressArguments> = {
  command: 'compress <images..>',
  describe: 'Compress PNG files: photo.png -> photo.prnn beside it',
  builder: (yargs) =>
    yargs
      .positional('images', fileList('PNG files; - is standard input'))
      .options({
        ...writing,
        ...likelihood,
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
  const path = args.output ?? outputName(image, '.png', '.prnn');
  const target: Target = { path, force: args.force, source: stats };
  checkTarget(target);
  const { raster, metadata } = await readImage(source, { maxPixels: args['max-pixels'] });

  const progress = startProgress(image, args.quiet, args['no-verify'] ? ['coding'] : ['coding', 'verifying']);
  const compressed = await compressRaster(raster, {
    ...options,
    metadata,
    verify: !args['no-verify'],
    onProgress: progress.update,
  }).finally(progress.stop);
  await writeTarget(target, compressed.bytes);

  const { width, height, channels } = raster;
  const { codedBytes, overheadBytes } = compressed;
  const bytes = compressed.bytes.length;
  const bitsPerDim = (8 * bytes) / (width * height * channels);
  if (args.json) {
    printJson({
      file: image,
      output: path,
      width,
      height,
      channels,
      model: { id: compressed.modelId, name: compressed.modelName },
      effort: compressed.effort,
      tiles: compressed.tiles,
      representations: compressed.representations,
      sourceBytes: source.length,
      bytes,
      bitsPerDim,
      codedBytes,
      metadataBytes: bytes - codedBytes - overheadBytes, // whole chunks, so that the three add up
      overheadBytes,
      verified: !args['no-verify'],
      seconds: (performance.now() - began) / 1000,
    });
  } else if (!args.quiet) {
    const names = `${displayName(image)} -> ${displayTarget(path)}`;
    const size = `${formatBytes(bytes)} (${formatPercent(bytes, source.length)} of the PNG)`;
    const verified = args['no-verify'] ? 'not verified' : 'verified';
    const result = [`${size}, ${verified}`, ...remarks(compressed, source.length)].join('; ');
    process.stderr.write(`${names}  ${formatBitsPerDim(bitsPerDim)}  ${result}\n`);
  }
}

/** What is disappointing about a result. */
function remarks({ bytes, tiles, representations: { raw } }: Compressed, sourceBytes: number): string[] {
  const lines: string[] = [];
  if (raw === tiles) lines.push('stored raw: the model does badly on this image');
  else if (raw > 0) lines.push(`${raw} of ${tiles} tiles stored raw: the model does badly on them`);
  if (bytes.length > sourceBytes) lines.push('larger than the PNG');
  return lines;
}
