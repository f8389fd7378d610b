import { type Existing, existingImage, existingSource } from '../../batch/done.js';
import { restoredExtension } from '../../batch/header.js';
import { bytesDifference, fileDifference } from '../../batch/read-back.js';
import { type Container, countRepresentations } from '../../codec/container.js';
import { decodeRaster, type DecompressOptions } from '../../codec/decompress.js';
import { openContainer } from '../../codec/open-container.js';
import { previewToRaster } from '../../codec/preview.js';
import { restoreSource } from '../../codec/restore-source.js';
import { sourceOf } from '../../codec/source-of.js';
import { PixrnnError } from '../../errors.js';
import { colourMetadata } from '../../image/colour-metadata.js';
import { channelsName, type Raster } from '../../image/raster.js';
import { describeRepresentations } from '../../report/representations.js';
import { type BatchingArguments, type BatchWritingArguments, checkBatchWriting } from '../batch-options.js';
import { deleteSource } from '../delete-source.js';
import type { FileContext } from '../file-command.js';
import {
  checkPnmName,
  encodeImage,
  encodingRemarks,
  EXTENSIONS,
  type FileFormat,
  formatToWrite,
  outputKind,
} from '../formats.js';
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
  const model = await modelOf(args);
  const options = { models: model ? [model] : [], maxPixels: args['max-pixels'] };
  await runFiles(args.files, args, {
    verb: 'decompressed',
    extensions: PRNN_EXTENSION,
    outputOf: (name, path) => args.output ?? outputName(name, path, args),
    outDir: args['out-dir'],
    phases: ['decoding'],
    check: (paths) => {
      checkBatchWriting(paths, args, true);
      checkPreview(args);
      if (paths.some((path) => kindOf(path, args) === 'raw')) checkRaw(args);
    },
    run: (task, context) => (args.preview ? previewFile : decompressFile)(task, args, options, context),
    plan: async (task) => {
      const input = await readInput(task.path);
      if (args.preview)
        return planned(resultTarget(task.output, input.stats, args), args, () => Promise.resolve({ kind: 'none' }));
      const container = await openContainer(input.bytes, { maxPixels: args['max-pixels'] });
      const kind = outputKind(args, sourceOf(container).extension);
      if (kind !== 'source') await checkPnmName(task.output, container.header, container.metadata);
      return planned(resultTarget(task.output, input.stats, args), args, () =>
        existingOutput(task.output, container, kind),
      );
    },
    probes: (tasks, pool) => noiseProbes(tasks, { model, pool }),
  });
}

/** Returns what is written for a file: its source, or an image in a format. */
function kindOf(path: string, args: DecompressArguments): FileFormat | 'source' {
  return args.preview ? formatToWrite(args) : outputKind(args, restoredExtension(path));
}

function outputName(name: string, path: string, args: DecompressArguments): string {
  const kind = kindOf(path, args);
  const extension = kind === 'source' ? (restoredExtension(path) ?? '') : EXTENSIONS[kind];
  return imageName(name, args.preview ? `.preview${extension}` : extension);
}

function existingOutput(output: string, container: Container, kind: FileFormat | 'source'): Promise<Existing> {
  return kind === 'source' ? existingSource(output, container) : existingImage(output, container);
}

async function decompressFile(
  task: SizedTask,
  args: DecompressArguments,
  options: DecompressOptions,
  { pool, update, note }: FileContext,
): Promise<FileResult> {
  const began = performance.now();
  const { path: file, output } = task;
  const { bytes, stats } = await readInput(file);
  let target = resultTarget(output, stats, args);
  if (!args['skip-existing']) checkTarget(target);
  const container = await openContainer(bytes, { maxPixels: args['max-pixels'] });
  const { extension, sourceDigest } = sourceOf(container);
  const kind = outputKind(args, extension);
  if (args['skip-existing']) {
    const existing = await existingOutput(output, container, kind);
    // With --delete-source the file is decoded and written again, to verify it before the source is deleted.
    if (existing.kind === 'done' && !args['delete-source']) return skippedResult(task);
    if (existing.kind === 'other') note(replacedNote(task, existing.reason));
    target = replacing(target);
    checkTarget(target);
  }
  if (kind === 'pnm') await checkPnmName(output, container.header, container.metadata);

  const decodingBegan = performance.now();
  const raster = await decodeRaster(container, { ...options, pool, onProgress: update });
  const written = await outputBytes(container, raster, kind);
  const decodingSeconds = (performance.now() - decodingBegan) / 1000;
  await writeTarget(target, written);
  if (args['delete-source']) {
    const image = { raster, metadata: container.metadata };
    const differenceOf = () => (kind === 'source' ? bytesDifference(output, written) : fileDifference(output, image));
    await deleteSource(file, stats, output, differenceOf);
  }

  const { width, height, channels, depth, indexed } = raster;
  const seconds = (performance.now() - began) / 1000;
  const [sourceBytes, sourceDeleted] = [bytes.length, args['delete-source']];
  const shape = { width, height, channels, depth, indexed };
  const use = useOfModel(args, options, container);
  const models = modelNames(container.header);
  const { json: modelUsed } = use;
  const json = {
    ...{ file, output, ...shape, format: kind, sourceDigest, models, ...modelUsed },
    ...{ sourceBytes, bytes: written.length, sourceDeleted, seconds },
  };
  const names = `${displayName(file)} -> ${displayTarget(output)}`;
  const size = `${width} x ${height} ${channelsName(channels, indexed)}  ${formatBytes(written.length)}`;
  const checked = kind === 'source' ? 'the file itself, SHA-256 matches' : 'checksum matches';
  const kept = kind === 'source' ? [] : await encodingRemarks(raster, container.metadata, kind);
  const remarks = [...kept, ...use.remarks];
  const removed = args['delete-source'] ? ['source deleted'] : [];
  const line = `${names}  ${[`${size}, ${checked}`, ...removed, ...remarks].join('; ')}`;
  const details = [
    ['image', `${width} x ${height} ${channelsName(channels, indexed)}, ${formatNumber(depth, 'bit')} per sample`],
    ['stored', describeRepresentations(countRepresentations(container))],
    ['model', models.length === 0 ? 'none' : `${models.join(', ')}, effort ${container.header.effort}`],
    ['time', `${decodingSeconds.toFixed(2)} s decoding, ${seconds.toFixed(2)} s total`],
    ['threads', String(args.threads)],
  ] as const;
  return { status: 'done', line, json, details, sourceBytes, bytes: written.length };
}

async function outputBytes(container: Container, raster: Raster, kind: FileFormat | 'source'): Promise<Uint8Array> {
  if (kind !== 'source') return encodeImage(raster, container.metadata, kind);
  const source = await restoreSource(container, raster);
  if (source === null) throw new Error('a file with an extension restores its source');
  return source;
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
  options: DecompressOptions,
  { pool, update }: FileContext,
): Promise<FileResult> {
  const began = performance.now();
  const format = formatToWrite(args);
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
