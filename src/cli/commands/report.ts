import type { CommandModule } from 'yargs';
import { withPool } from '../../codec/coding-options.js';
import type { CompressOptions } from '../../codec/compress.js';
import { readImage } from '../../image/read-image.js';
import type { Raster } from '../../image/raster.js';
import type { Model } from '../../model/model.js';
import { checkCoder } from '../../report/check-coder.js';
import { type Figures, measureImage, totalOf } from '../../report/measure.js';
import { reportTable } from '../../report/table.js';
import { forEachFile, printJson } from '../batch.js';
import { readInput } from '../input.js';
import { displayName, formatBytes, formatCount } from '../messages.js';
import {
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
} from '../options.js';
import { startProgress } from '../progress.js';

interface ReportArguments extends CodingArguments, LikelihoodArguments, ReadingArguments {
  images: string[];
  'check-coder': boolean;
}

export const reportCommand: CommandModule<object, ReportArguments> = {
  command: 'report <images..>',
  describe: 'Compare bits/dim of files with what the model promises',
  builder: (yargs) =>
    yargs
      .positional('images', fileList('Image files; - is standard input'))
      .options({
        'check-coder': {
          describe: 'Compare with the npm package arithmetic-coding, too (slow)',
          type: 'boolean',
          default: false,
        },
        ...likelihood,
        ...reading,
        ...coding,
      })
      .example('$0 report photos/*.png', 'A table with a line for each image and one for all')
      .example('$0 report --check-coder photo.png', 'Code a tile again with another coder and compare'),
  handler: async (args) => {
    const model = await modelOf(args);
    const measured: { name: string; figures: Figures }[] = [];
    try {
      await withPool({ threads: args.threads }, (pool) =>
        forEachFile(args.images, args.json, async (image) => {
          measured.push({
            name: displayName(image),
            figures: await reportFile(image, args, { model, effort: effortOf(args), pool }),
          });
        }),
      );
    } finally {
      const totals = measured.length > 1 ? totalOf(measured.map(({ figures }) => figures)) : null;
      if (!args.json) process.stdout.write(measured.length > 0 ? reportTable(measured, totals) : '');
      else if (totals !== null) printJson({ total: totals });
    }
  },
};

async function reportFile(image: string, args: ReportArguments, options: CompressOptions): Promise<Figures> {
  const { bytes } = await readInput(image);
  const { raster, metadata, source } = await readImage(bytes, readOptionsOf(args));
  const progress = startProgress(image, args.quiet, ['coding']);
  const figures = await measureImage(
    { raster, metadata, pngStream: source.png ?? undefined, bytes: bytes.length },
    { ...options, onProgress: progress.update },
  ).finally(progress.stop);
  const coder = args['check-coder'] ? await compareCoders(image, raster, args, options.model) : undefined;
  if (args.json) printJson({ file: image, ...figures, ...(coder && { coder }) });
  return figures;
}

async function compareCoders(image: string, raster: Raster, args: ReportArguments, model: Model | undefined) {
  const result = await checkCoder(raster, model, effortOf(args));
  const { symbols, identical, bytes } = result;
  if (!identical) throw new Error(`arithmetic-coding wrote other bytes for ${formatCount(symbols)} symbols`);
  if (!args.json) {
    const counts = `${formatCount(symbols)} symbols, ${formatBytes(bytes)}`;
    process.stdout.write(`${displayName(image)}: ${counts}, identical to what arithmetic-coding writes\n`);
  }
  return result;
}
