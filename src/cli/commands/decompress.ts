import type { CommandModule } from 'yargs';
import { withPool } from '../../codec/coding-options.js';
import { type DecompressOptions, decompressToRaster } from '../../codec/decompress.js';
import { channelsName } from '../../image/raster.js';
import { writePng } from '../../image/write-png.js';
import { forEachFile, printJson } from '../batch.js';
import { readInput } from '../input.js';
import { displayName, formatBytes } from '../messages.js';
import {
  checkPngName,
  checkWriting,
  coding,
  type CodingArguments,
  fileList,
  modelOf,
  writing,
  type WritingArguments,
} from '../options.js';
import { checkTarget, displayTarget, outputName, type Target, writeTarget } from '../output.js';
import { startProgress } from '../progress.js';

interface DecompressArguments extends CodingArguments, WritingArguments {
  files: string[];
}

export const decompressCommand: CommandModule<object, DecompressArguments> = {
  command: 'decompress <files..>',
  describe: 'Get the PNG files back: photo.prnn -> photo.png beside it',
  builder: (yargs) =>
    yargs
      .positional('files', fileList('.prnn files; - is standard input'))
      .options({ ...writing, ...coding })
      .example('$0 decompress photo.prnn', 'Writes photo.png')
      .example('$0 decompress photo.prnn -o - > copy.png', 'To standard output'),
  handler: async (args) => {
    checkWriting(args.files, args);
    checkPngName(args);
    const model = await modelOf(args);
    const options = { models: model ? [model] : [], maxPixels: args['max-pixels'] };
    await withPool({ threads: args.threads }, (pool) =>
      forEachFile(args.files, args.json, (file) => decompressFile(file, args, { ...options, pool })),
    );
  },
};

async function decompressFile(file: string, args: DecompressArguments, options: DecompressOptions): Promise<void> {
  const began = performance.now();
  const { bytes, stats } = await readInput(file);
  const path = args.output ?? outputName(file, '.prnn', '.png');
  const target: Target = { path, force: args.force, source: stats };
  checkTarget(target);

  const progress = startProgress(file, args.quiet, ['decoding']);
  const { raster, container } = await decompressToRaster(bytes, {
    ...options,
    onProgress: progress.update,
  }).finally(progress.stop);
  const png = await writePng(raster, container.metadata);
  await writeTarget(target, png);

  const { width, height, channels } = raster;
  if (args.json) {
    const seconds = (performance.now() - began) / 1000;
    printJson({ file, output: path, width, height, channels, sourceBytes: bytes.length, bytes: png.length, seconds });
  } else if (!args.quiet) {
    const names = `${displayName(file)} -> ${displayTarget(path)}`;
    const size = `${width} x ${height} ${channelsName(channels)}  ${formatBytes(png.length)}`;
    process.stderr.write(`${names}  ${size}, checksum right\n`);
  }
}
