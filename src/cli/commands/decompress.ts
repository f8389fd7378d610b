import type { CommandModule } from 'yargs';
import { withPool } from '../../codec/coding-options.js';
import { type DecompressOptions, decompressToRaster } from '../../codec/decompress.js';
import { previewToRaster } from '../../codec/preview.js';
import { colourMetadata } from '../../image/colour-metadata.js';
import { channelsName } from '../../image/raster.js';
import { type OutputFormat, formatOfPath } from '../../image/formats.js';
import { writeImage, writingRemarks } from '../../image/write-image.js';
import { forEachFile, printJson } from '../batch.js';
import { readInput, STANDARD_STREAM } from '../input.js';
import { displayName, formatBytes } from '../messages.js';
import {
  checkWriting,
  coding,
  type CodingArguments,
  fileList,
  modelOf,
  writing,
  type WritingArguments,
} from '../options.js';
import { checkTarget, displayTarget, outputName, PRNN_ENDING, type Target, writeTarget } from '../output.js';
import { startProgress } from '../progress.js';

interface DecompressArguments extends CodingArguments, WritingArguments {
  files: string[];
  preview: boolean;
}

export const decompressCommand: CommandModule<object, DecompressArguments> = {
  command: 'decompress <files..>',
  describe: 'Get the images back: photo.prnn -> photo.png beside it',
  builder: (yargs) =>
    yargs
      .positional('files', fileList('.prnn files; - is standard input'))
      .options({
        ...writing,
        preview: {
          describe:
            'Get the small image that a multi-scale model has put in: photo.prnn -> photo.preview.png. The beginning of a file ' +
            'will do; without the rest its checksum cannot be compared',
          type: 'boolean',
          default: false,
        },
        ...coding,
      })
      .example('$0 decompress photo.prnn', 'Writes photo.png')
      .example('$0 decompress photo.prnn -o photo.tiff', 'TIFF; also .webp, .ppm, .pgm, .pbm, .pam')
      .example('$0 decompress photo.prnn -o - > copy.png', 'To standard output')
      .example('$0 decompress --preview photo.prnn', 'Writes photo.preview.png, a part of the size'),
  handler: async (args) => {
    checkWriting(args.files, args);
    const format = args.output === undefined || args.output === STANDARD_STREAM ? 'png' : formatOfPath(args.output);
    const model = await modelOf(args);
    const options = { models: model ? [model] : [], maxPixels: args['max-pixels'] };
    await withPool({ threads: args.threads }, (pool) =>
      forEachFile(args.files, args.json, (file) =>
        (args.preview ? previewFile : decompressFile)(file, args, format, { ...options, pool }),
      ),
    );
  },
};

async function decompressFile(
  file: string,
  args: DecompressArguments,
  format: OutputFormat,
  options: DecompressOptions,
): Promise<void> {
  const began = performance.now();
  const { bytes, stats } = await readInput(file);
  const path = args.output ?? outputName(file, PRNN_ENDING, '.png');
  const target: Target = { path, force: args.force, source: stats };
  checkTarget(target);

  const progress = startProgress(file, args.quiet, ['decoding']);
  const { raster, container } = await decompressToRaster(bytes, {
    ...options,
    onProgress: progress.update,
  }).finally(progress.stop);
  const written = await writeImage(raster, container.metadata, format);
  await writeTarget(target, written);

  const { width, height, channels, depth, indexed } = raster;
  if (args.json) {
    const shape = { width, height, channels, depth, indexed };
    const seconds = (performance.now() - began) / 1000;
    printJson({ file, output: path, ...shape, sourceBytes: bytes.length, bytes: written.length, seconds });
  } else if (!args.quiet) {
    const names = `${displayName(file)} -> ${displayTarget(path)}`;
    const size = `${width} x ${height} ${channelsName(channels, indexed)}  ${formatBytes(written.length)}`;
    const remarks = await writingRemarks(raster, container.metadata, format);
    process.stderr.write(`${names}  ${[`${size}, checksum right`, ...remarks].join('; ')}\n`);
  }
}

async function previewFile(
  file: string,
  args: DecompressArguments,
  format: OutputFormat,
  options: DecompressOptions,
): Promise<void> {
  const began = performance.now();
  const { bytes, stats } = await readInput(file);
  const path = args.output ?? outputName(file, PRNN_ENDING, '.preview.png');
  const target: Target = { path, force: args.force, source: stats };
  checkTarget(target);

  const progress = startProgress(file, args.quiet, ['decoding']);
  const { raster, factor, shape, metadata } = await previewToRaster(bytes, {
    ...options,
    onProgress: progress.update,
  }).finally(progress.stop);
  const kept = await colourMetadata(shape, metadata);
  const written = await writeImage(raster, kept, format);
  await writeTarget(target, written);

  const { width, height, channels, depth, indexed } = raster;
  if (args.json) {
    const preview = { factor, width: shape.width, height: shape.height };
    const seconds = (performance.now() - began) / 1000;
    printJson({
      ...{ file, output: path, width, height, channels, depth, indexed, preview },
      ...{ sourceBytes: bytes.length, bytes: written.length, seconds },
    });
  } else if (!args.quiet) {
    const names = `${displayName(file)} -> ${displayTarget(path)}`;
    const size = `${width} x ${height} ${channelsName(channels, indexed)}  ${formatBytes(written.length)}`;
    const remarks = [
      `1/${factor} of ${shape.width} x ${shape.height}, checksum not compared`,
      ...(shape.channels > channels ? ['without alpha'] : []),
      ...(await writingRemarks(raster, kept, format)),
    ];
    process.stderr.write(`${names}  ${[size, ...remarks].join('; ')}\n`);
  }
}
