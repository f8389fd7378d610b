import { type Existing, existingImage, existingSource } from '../../batch/done.js';
import { restoredExtension, wholeExtension } from '../../batch/header.js';
import { imageName, PRNN_EXTENSION } from '../../batch/output-names.js';
import { bytesDifference, fileDifference } from '../../batch/read-back.js';
import { type Container, parseFile, type PrnnFile } from '../../codec/container.js';
import { decodeRaster, type DecompressOptions } from '../../codec/decompress.js';
import { openContainer } from '../../codec/open-container.js';
import { damageWarning } from '../../codec/parity-damage.js';
import { previewToRaster } from '../../codec/preview.js';
import { restoreFile } from '../../codec/restore-file.js';
import { extensionOf, sourceOf } from '../../codec/source-of.js';
import { PixrnnError } from '../../errors.js';
import { pictureAs } from '../../node/image/picture-as.js';
import { colourMetadata } from '../../image/colour-metadata.js';
import { channelsName } from '../../image/raster.js';
import { type BatchingArguments, type BatchWritingArguments, checkBatchWriting } from '../batch-options.js';
import { deleteSource } from '../delete-source.js';
import type { FileContext } from '../file-command.js';
import { factsOf } from '../file-facts.js';
import {
  checkPnmName,
  encodeImage,
  encodingRemarks,
  EXTENSIONS,
  type FileFormat,
  formatToWrite,
  isRaw,
  outputKind,
} from '../formats.js';
import { readInput } from '../input.js';
import { displayName, formatBytes } from '../messages.js';
import { modelOf } from '../model-argument.js';
import { type CodingArguments, type DecodingArguments, decodingLimits, type WritingArguments } from '../options.js';
import { checkTarget, displayTarget, resultTarget, writeTarget } from '../output.js';
import { resultProbes } from '../probes.js';
import { runFiles } from '../run.js';
import type { FileResult } from '../run-report.js';
import { replacedNote, planned, replacing, skippedResult } from '../skip-existing.js';
import type { SizedTask } from '../tasks.js';
import { isUsed, modelsOf, unusedModelRemark, whyUnused } from '../used-model.js';
import { checkSalvage, salvageFile } from './salvage.js';

/** Arguments of `pixrnn decompress`. */
export interface DecompressArguments
  extends CodingArguments, DecodingArguments, WritingArguments, BatchingArguments, BatchWritingArguments {
  files: string[];
  format: FileFormat | undefined;
  preview: boolean;
  salvage: boolean;
}

/** `pixrnn decompress`. */
export async function decompressFiles(args: DecompressArguments): Promise<void> {
  const model = await modelOf(args);
  const options = { models: model ? [model] : [], ...decodingLimits(args) };
  await runFiles(args.files, args, {
    verb: 'decompressed',
    extensions: PRNN_EXTENSION,
    outputOf: (name, path) => args.output ?? outputName(name, path, args),
    outDir: args['out-dir'],
    phases: ['decoding'],
    check: (paths) => {
      checkBatchWriting(paths, args, true);
      checkPreview(args);
      checkSalvage(args);
      if (isRaw(args)) checkRaw(args);
      if (args.output !== undefined) paths.forEach((path) => outputKind(args, sourceExtension(path, args)));
    },
    run: (task, context) => {
      const run = args.salvage ? salvageFile : args.preview ? previewFile : decompressFile;
      return run(task, args, options, context);
    },
    plan: async (task) => {
      const input = await readInput(task.path);
      if (args.preview || args.salvage)
        return planned(resultTarget(task.output, input.stats, args), args, () => Promise.resolve({ kind: 'none' }));
      const file = parseFile(input.bytes, { maxPixels: args['max-pixels'] });
      const kind = outputKind(args, extensionOf(file));
      if (kind === 'pnm' && 'header' in file) await checkPnmName(task.output, file.header, file.metadata);
      return planned(resultTarget(task.output, input.stats, args), args, () =>
        existingOutput(task.output, file, kind, () => openContainer(input.bytes, options)),
      );
    },
    probes: (tasks, pool) => resultProbes(tasks, { model, pool }),
  });
}

/** Returns the extension of the source file; null if a file does not restore it, or a preview is written instead. */
function sourceExtension(path: string, { preview, salvage }: DecompressArguments): string | null {
  if (salvage) return wholeExtension(path);
  return preview ? null : restoredExtension(path);
}

function outputName(name: string, path: string, args: DecompressArguments): string {
  const source = sourceExtension(path, args);
  const kind = outputKind(args, source);
  const extension = kind === 'source' ? (source ?? '') : EXTENSIONS[kind];
  return imageName(name, args.salvage ? `.salvaged${extension}` : args.preview ? `.preview${extension}` : extension);
}

async function existingOutput(
  output: string,
  file: PrnnFile,
  kind: FileFormat | 'source',
  open: () => Promise<Container>,
): Promise<Existing> {
  return kind === 'source' ? existingSource(output, file) : existingImage(output, await open());
}

async function decompressFile(
  task: SizedTask,
  args: DecompressArguments,
  options: DecompressOptions,
  { pool, update, note }: FileContext,
): Promise<FileResult> {
  const began = performance.now();
  const { path, output } = task;
  const { bytes, stats } = await readInput(path);
  let target = resultTarget(output, stats, args);
  if (!args['skip-existing']) checkTarget(target);
  const file = parseFile(bytes, { maxPixels: args['max-pixels'] });
  const warning = damageWarning(file);
  if (warning !== null) note(`pixrnn: ${displayName(path)}: ${warning}.\n`);
  const { extension, sourceDigest } = sourceOf(file);
  const kind = outputKind(args, extension);
  const coding = { ...options, pool, onProgress: update };
  if (args['skip-existing']) {
    const existing = await existingOutput(output, file, kind, () => openContainer(bytes, coding));
    // With --delete-source the file is decoded and written again, to verify it before the source is deleted.
    if (existing.kind === 'done' && !args['delete-source']) return skippedResult(task);
    if (existing.kind === 'other') note(replacedNote(task, existing.reason));
    target = replacing(target);
    checkTarget(target);
  }

  update(0, 1);
  const decodingBegan = performance.now();
  const decoded = kind === 'source' ? await restored(file, coding) : await converted(bytes, output, kind, coding);
  const decodingSeconds = (performance.now() - decodingBegan) / 1000;
  await writeTarget(target, decoded.bytes);
  if (args['delete-source']) await deleteSource(path, stats, output, () => decoded.differenceOf(output));

  const seconds = (performance.now() - began) / 1000;
  const [sourceBytes, sourceDeleted] = [bytes.length, args['delete-source']];
  const { image, json: fields, details } = factsOf(file);
  const use = useOfModel(args, options, file);
  const json = {
    ...{ file: path, output, ...fields, format: kind, sourceDigest, ...use.json, parity: file.parity ?? null },
    ...{ sourceBytes, bytes: decoded.bytes.length, sourceDeleted, seconds },
  };
  const names = `${displayName(path)} -> ${displayTarget(output)}`;
  const checked = kind === 'source' ? 'the file itself, SHA-256 matches' : 'checksum matches';
  const removed = sourceDeleted ? ['source deleted'] : [];
  const damage = file.preview?.damaged ? ['its preview is damaged'] : [];
  const remarks = [checked, ...removed, ...damage, ...decoded.remarks, ...use.remarks].join('; ');
  const line = `${names}  ${image}  ${formatBytes(decoded.bytes.length)}, ${remarks}`;
  const times = `${decodingSeconds.toFixed(2)} s decoding, ${seconds.toFixed(2)} s total`;
  const more = [...details, ['time', times] as const, ['threads', String(args.threads)] as const];
  return { status: 'done', line, json, details: more, sourceBytes, bytes: decoded.bytes.length };
}

/** A file to write. */
interface DecodedFile {
  readonly bytes: Uint8Array;
  /** What it does not preserve, without full stops. */
  readonly remarks: readonly string[];
  /** Reads the written file; returns how it differs, or null. */
  readonly differenceOf: (output: string) => Promise<string | null>;
}

async function restored(file: PrnnFile, options: DecompressOptions): Promise<DecodedFile> {
  const bytes = await restoreFile(file, options);
  if (bytes === null) throw new Error('a file with an extension restores its source');
  return { bytes, remarks: [], differenceOf: (output) => bytesDifference(output, bytes) };
}

async function converted(
  prnn: Uint8Array,
  output: string,
  format: FileFormat,
  options: DecompressOptions,
): Promise<DecodedFile> {
  const container = await openContainer(prnn, options);
  const { header, metadata } = container;
  if (format === 'pnm') await checkPnmName(output, header, metadata);
  const raster = await decodeRaster(container, options);
  const bytes = await encodeImage(raster, metadata, format);
  const remarks = await encodingRemarks(raster, metadata, format);
  return { bytes, remarks, differenceOf: (path) => fileDifference(path, { raster, metadata }) };
}

/** Returns remarks and JSON fields on a --model that has no effect. */
function useOfModel(
  { model: name }: DecompressArguments,
  { models: [model] = [] }: DecompressOptions,
  file: PrnnFile,
): { remarks: string[]; json: { modelUsed?: boolean } } {
  if (name === undefined || !model) return { remarks: [], json: {} };
  const header = modelsOf(file);
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

  const { raster, factor, shape, metadata, picture } = await previewToRaster(input.bytes, {
    ...options,
    pool,
    onProgress: update,
  });
  const kept = await colourMetadata(shape, metadata);
  if (format === 'pnm') await checkPnmName(output, raster, kept);
  const asItIs = pictureAs(picture, format);
  const written = asItIs ?? (await encodeImage(raster, kept, format));
  await writeTarget(target, written);

  const { width, height, channels, depth, indexed } = raster;
  const preview = { factor, width: shape.width, height: shape.height };
  const [sourceBytes, bytes] = [input.bytes.length, written.length];
  const seconds = (performance.now() - began) / 1000;
  const json = { file, output, width, height, channels, depth, indexed, preview, sourceBytes, bytes, seconds };
  const names = `${displayName(file)} -> ${displayTarget(output)}`;
  const size = `${width} x ${height} ${channelsName(channels, indexed)}  ${formatBytes(bytes)}`;
  const remarks = [
    ...(picture
      ? [`embedded picture of ${shape.width} x ${shape.height}`]
      : [`1/${factor} of ${shape.width} x ${shape.height}, checksum not verified`]),
    ...(shape.channels > channels ? ['without alpha'] : []),
    ...(asItIs ? [] : await encodingRemarks(raster, kept, format)),
  ];
  return { status: 'done', line: `${names}  ${[size, ...remarks].join('; ')}`, json, sourceBytes, bytes };
}
