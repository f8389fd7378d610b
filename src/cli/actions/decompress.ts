import { existingImage } from '../../batch/done.js';
import { fileDifference } from '../../batch/read-back.js';
import { type Container, countRepresentations, decodeContainer } from '../../codec/container.js';
import { type DecompressOptions, decompressToRaster } from '../../codec/decompress.js';
import { previewToRaster } from '../../codec/preview.js';
import { PixrnnError } from '../../errors.js';
import { colourMetadata } from '../../image/colour-metadata.js';
import { channelsName } from '../../image/raster.js';
import { describeRepresentations } from '../../report/representations.js';
import { type BatchingArguments, type BatchWritingArguments, checkBatchWriting } from '../batch-options.js';
import { deleteSource } from '../delete-source.js';
import type { FileContext } from '../file-command.js';
import { checkPnmName, encodeImage, encodingRemarks, EXTENSIONS, type FileFormat, formatToWrite } from '../formats.js';
import { readInput } from '../input.js';
import { displayName, formatBytes, formatNumber } from '../messages.js';
import { modelOf } from '../model-argument.js';
import type { CodingArguments, WritingArguments } from '../options.js';
import { checkTarget, displayTarget, imageName, PRNN_EXTENSION, resultTarget, writeTarget } from '../output.js';
import { noiseProbes } from '../probes.js';
import { runFiles } from '../run.js';
import type { FileResult } from '../run-report.js';
import { replacedNote, planned, replacing, skippedResult } from '../skip-existing.js';
import type { SizedTask } from '../tasks.js';
import { isUsed, modelNames, unusedModelRemark, whyUnused } from '../used-model.js';

interface DecompressArguments extends CodingArguments, WritingArguments, BatchingArguments, BatchWritingArguments {
  files: string[];
  format: FileFormat | undefined;
  preview: boolean;
}

/** `pixrnn decompress`. */
export async function decompressFiles(args: DecompressArguments): Promise<void> {
  const format = formatToWrite(args);
  const model = await modelOf(args);
  const options = { models: model ? [model] : [], maxPixels: args['max-pixels'] };
  await runFiles(args.files, args, {
    verb: 'decompressed',
    extensions: PRNN_EXTENSION,
    outputOf: (path) => args.output ?? imageName(path, `${args.preview ? '.preview' : ''}${EXTENSIONS[format]}`),
    outDir: args['out-dir'],
    phases: ['decoding'],
    check: (paths) => {
      checkBatchWriting(paths, args, true);
      checkPreview(args);
      if (format === 'raw') checkRaw(args);
    },
    run: (task, context) => (args.preview ? previewFile : decompressFile)(task, args, format, options, context),
    plan: async (task) => {
      const input = await readInput(task.path);
      if (args.preview)
        return planned(resultTarget(task.output, input.stats, args), args, () => Promise.resolve({ kind: 'none' }));
      const container = decodeContainer(input.bytes, { maxPixels: args['max-pixels'] });
      await checkPnmName(task.output, container.header, container.metadata);
      return planned(resultTarget(task.output, input.stats, args), args, () => existingImage(task.output, container));
    },
    probes: (tasks, pool) => noiseProbes(tasks, { model, pool }),
  });
}

async function decompressFile(
  task: SizedTask,
  args: DecompressArguments,
  format: FileFormat,
  options: DecompressOptions,
  { pool, update, note }: FileContext,
): Promise<FileResult> {
  const began = performance.now();
  const { path: file, output } = task;
  const input = await readInput(file);
  const { bytes, stats } = input;
  let target = resultTarget(output, input.stats, args);
  if (args['skip-existing']) {
    const existing = await existingImage(output, decodeContainer(bytes, { maxPixels: args['max-pixels'] }));
    // With --delete-source the file is decoded and written again, to verify it before the source is deleted.
    if (existing.kind === 'done' && !args['delete-source']) return skippedResult(task);
    if (existing.kind === 'other') note(replacedNote(task, existing.reason));
    target = replacing(target);
  }
  checkTarget(target);
  if (format === 'pnm') {
    const { header, metadata } = decodeContainer(bytes, { maxPixels: args['max-pixels'] });
    await checkPnmName(output, header, metadata);
  }

  const decodingBegan = performance.now();
  const { raster, container } = await decompressToRaster(bytes, { ...options, pool, onProgress: update });
  const decodingSeconds = (performance.now() - decodingBegan) / 1000;
  const written = await encodeImage(raster, container.metadata, format);
  await writeTarget(target, written);
  if (args['delete-source']) {
    const image = { raster, metadata: container.metadata };
    await deleteSource(file, stats, output, () => fileDifference(output, image));
  }

  const { width, height, channels, depth, indexed } = raster;
  const seconds = (performance.now() - began) / 1000;
  const [sourceBytes, sourceDeleted] = [bytes.length, args['delete-source']];
  const shape = { width, height, channels, depth, indexed };
  const use = useOfModel(args, options, container);
  const models = modelNames(container.header);
  const { json: modelUsed } = use;
  const json = {
    ...{ file, output, ...shape, format, models, ...modelUsed },
    ...{ sourceBytes, bytes: written.length, sourceDeleted, seconds },
  };
  const names = `${displayName(file)} -> ${displayTarget(output)}`;
  const size = `${width} x ${height} ${channelsName(channels, indexed)}  ${formatBytes(written.length)}`;
  const remarks = [...(await encodingRemarks(raster, container.metadata, format)), ...use.remarks];
  const removed = args['delete-source'] ? ['source deleted'] : [];
  const line = `${names}  ${[`${size}, checksum matches`, ...removed, ...remarks].join('; ')}`;
  const details = [
    ['image', `${width} x ${height} ${channelsName(channels, indexed)}, ${formatNumber(depth, 'bit')} per sample`],
    ['stored', describeRepresentations(countRepresentations(container))],
    ['model', models.length === 0 ? 'none' : `${models.join(', ')}, effort ${container.header.effort}`],
    ['time', `${decodingSeconds.toFixed(2)} s decoding, ${seconds.toFixed(2)} s total`],
    ['threads', String(args.threads)],
  ] as const;
  return { status: 'done', line, json, details, sourceBytes, bytes: written.length };
}

/** Returns remarks and JSON fields on a --model that has no effect. */
function useOfModel(
  { model: name }: DecompressArguments,
  { models: [model] = [] }: DecompressOptions,
  { header }: Pick<Container, 'header'>,
): { remarks: string[]; json: { modelUsed?: boolean } } {
  if (name === undefined || !model) return { remarks: [], json: {} };
  const modelUsed = isUsed(header, model);
  return { remarks: modelUsed ? [] : [unusedModelRemark(name, whyUnused(header))], json: { modelUsed } };
}

/** Rejects options that compare the output: raw samples lack the image size and type. */
function checkRaw(args: DecompressArguments): void {
  const option = (['skip-existing', 'delete-source'] as const).find((name) => args[name]);
  if (option === undefined) return;
  const what = `--${option} compares the output with the image, and raw samples do not contain all of it`;
  throw new PixrnnError('usage', `${what}. Use another --format, or remove --${option}.`);
}

/** Rejects options that compare the output: a preview is not the whole image. */
function checkPreview(args: DecompressArguments): void {
  const option = (['skip-existing', 'delete-source'] as const).find((name) => args[name]);
  if (!args.preview || option === undefined) return;
  throw new PixrnnError(
    'usage',
    `--${option} compares the whole image and cannot be combined with --preview. Remove one of them.`,
  );
}

async function previewFile(
  task: SizedTask,
  args: DecompressArguments,
  format: FileFormat,
  options: DecompressOptions,
  { pool, update }: FileContext,
): Promise<FileResult> {
  const began = performance.now();
  const { path: file, output } = task;
  const input = await readInput(file);
  const target = resultTarget(output, input.stats, args);
  checkTarget(target);

  const { raster, factor, shape, metadata } = await previewToRaster(input.bytes, {
    ...options,
    pool,
    onProgress: update,
  });
  const kept = await colourMetadata(shape, metadata);
  if (format === 'pnm') await checkPnmName(output, raster, kept);
  const written = await encodeImage(raster, kept, format);
  await writeTarget(target, written);

  const { width, height, channels, depth, indexed } = raster;
  const preview = { factor, width: shape.width, height: shape.height };
  const [sourceBytes, bytes] = [input.bytes.length, written.length];
  const seconds = (performance.now() - began) / 1000;
  const json = { file, output, width, height, channels, depth, indexed, preview, sourceBytes, bytes, seconds };
  const names = `${displayName(file)} -> ${displayTarget(output)}`;
  const size = `${width} x ${height} ${channelsName(channels, indexed)}  ${formatBytes(bytes)}`;
  const remarks = [
    `1/${factor} of ${shape.width} x ${shape.height}, checksum not verified`,
    ...(shape.channels > channels ? ['without alpha'] : []),
    ...(await encodingRemarks(raster, kept, format)),
  ];
  return { status: 'done', line: `${names}  ${[size, ...remarks].join('; ')}`, json, sourceBytes, bytes };
}
