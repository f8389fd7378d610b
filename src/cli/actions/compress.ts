import { existingPrnn } from '../../batch/done.js';
import { prnnDifference } from '../../batch/read-back.js';
import type { Exactness } from '../../codec/choose-result.js';
import { type Compressed, type CompressOptions, compressRaster } from '../../codec/compress.js';
import { expectedSeconds } from '../../codec/expected-time.js';
import { sourceFile } from '../../codec/source-file.js';
import { channelsName } from '../../image/raster.js';
import { type ReadImage, readImage } from '../../image/read-image.js';
import { describeRepresentations } from '../../report/representations.js';
import { type BatchingArguments, type BatchWritingArguments, checkBatchWriting } from '../batch-options.js';
import { deleteSource, requireNothingLeftOut, requireRestored } from '../delete-source.js';
import type { FileContext } from '../file-command.js';
import { type Input, readInput, STANDARD_STREAM } from '../input.js';
import {
  displayName,
  formatBitsPerDim,
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
} from '../messages.js';
import { modelOf } from '../model-argument.js';
import {
  type CodingArguments,
  effortOf,
  type LikelihoodArguments,
  type ReadingArguments,
  readOptionsOf,
  type WritingArguments,
} from '../options.js';
import {
  checkTarget,
  displayTarget,
  fullResultName,
  resultName,
  resultTarget,
  sourceExtensions,
  writeTarget,
} from '../output.js';
import { PhaseTimes, phaseText } from '../phase-times.js';
import { imageProbes } from '../probes.js';
import { runFiles } from '../run.js';
import type { FileResult } from '../run-report.js';
import { replacedNote, planned, replacing, skippedResult } from '../skip-existing.js';
import type { SizedTask } from '../tasks.js';
import { unusedModelRemark } from '../used-model.js';

interface CompressArguments
  extends
    CodingArguments,
    LikelihoodArguments,
    ReadingArguments,
    WritingArguments,
    BatchingArguments,
    BatchWritingArguments {
  images: string[];
  exact: boolean | undefined;
  pixels: boolean | undefined;
  'no-verify': boolean;
}

/** Pixels from which the expected time of a single image is measured. */
const LARGE = 4_000_000;

/** Seconds from which the expected time is printed. */
const MIN_ANNOUNCED = 10;

/** `pixrnn compress`. */
export async function compressFiles(args: CompressArguments): Promise<void> {
  const model = await modelOf(args);
  const options: CompressOptions = {
    model,
    effort: effortOf(args),
    verify: !args['no-verify'],
    exactness: exactnessOf(args),
  };
  await runFiles(args.images, args, {
    verb: 'compressed',
    extensions: sourceExtensions(args['allow-lossy-source']),
    outputOf: (path) => args.output ?? resultName(path),
    fullOutputOf: (path) => args.output ?? fullResultName(path),
    outDir: args['out-dir'],
    phases: phasesOf(args),
    check: (paths) => checkBatchWriting(paths, args, !args['no-verify']),
    run: (task, context) => compressFile(task, args, options, context),
    plan: async (task) => {
      const input = await readInput(task.path);
      const read = await readSource(input, args);
      const compared = { source: input.bytes, exactness: exactnessOf(args) };
      return planned(resultTarget(task.output, input.stats, args), args, () =>
        existingPrnn(task.output, read, compared),
      );
    },
    probes: (tasks, pool) => imageProbes(tasks, readOptionsOf(args), { ...options, pool }),
  });
}

function exactnessOf({ exact, pixels }: CompressArguments): Exactness {
  return exact ? 'exact' : pixels ? 'pixels' : 'auto';
}

async function readSource({ bytes }: Input, args: CompressArguments): Promise<ReadImage> {
  const read = await readImage(bytes, readOptionsOf(args));
  if (args['delete-source'] && args.pixels) requireNothingLeftOut(read.source.warnings);
  return read;
}

async function compressFile(
  task: SizedTask,
  args: CompressArguments,
  options: CompressOptions,
  { pool, update, note, isAlone }: FileContext,
): Promise<FileResult> {
  const began = performance.now();
  const { path: image, output } = task;
  const input = await readInput(image);
  let target = resultTarget(output, input.stats, args);
  if (!args['skip-existing']) checkTarget(target);
  const read = await readSource(input, args);
  const { raster, metadata } = read;
  const differenceOf = (): Promise<string | null> => prnnDifference(output, read, input.bytes, { ...options, pool });
  if (args['skip-existing']) {
    const existing = await existingPrnn(output, read, { source: input.bytes, exactness: exactnessOf(args) });
    if (existing.kind === 'done') {
      if (args['delete-source']) await deleteSource(image, input.stats, output, differenceOf);
      return skippedResult(task);
    }
    if (existing.kind === 'other') note(replacedNote(task, existing.reason));
    target = replacing(target);
    checkTarget(target);
  }
  const name = image === STANDARD_STREAM ? null : image;
  const source = sourceFile(name, input.bytes, read, readOptionsOf(args));
  const codingOptions: CompressOptions = { ...options, pool, metadata, source };
  if (isAlone && raster.width * raster.height >= LARGE) {
    const seconds = await expectedSeconds(raster, codingOptions);
    if (seconds >= MIN_ANNOUNCED) {
      note(`${displayName(image)}: ${formatMegapixels(raster)}, about ${formatDuration(seconds)}\n`);
    }
  }

  const times = new PhaseTimes(phasesOf(args));
  const onProgress = (done: number, total: number): void => {
    times.update(done, total);
    update(done, total);
  };
  const compressed = await compressRaster(raster, { ...codingOptions, onProgress });
  const phaseSeconds = times.stop();
  await writeTarget(target, compressed.bytes);
  if (args['delete-source']) {
    if (!args.pixels) requireRestored(compressed);
    await deleteSource(image, input.stats, output, differenceOf);
  }
  const seconds = (performance.now() - began) / 1000;
  return resultOf(task, args, read, compressed, { sourceBytes: input.bytes.length, seconds, phaseSeconds });
}

function resultOf(
  { path: image, output }: SizedTask,
  args: CompressArguments,
  read: ReadImage,
  compressed: Compressed,
  { sourceBytes, seconds, phaseSeconds }: { sourceBytes: number; seconds: number; phaseSeconds: readonly number[] },
): FileResult {
  const { width, height, channels, depth, indexed } = read.raster;
  const bytes = compressed.bytes.length;
  const bitsPerDim = (8 * bytes) / (width * height * channels);
  const json = {
    file: image,
    output,
    format: read.source.format,
    width,
    height,
    channels,
    depth,
    indexed,
    model: { id: compressed.modelId, name: compressed.modelName, used: compressed.modelUsed },
    effort: compressed.effort,
    tiles: compressed.tiles,
    representations: compressed.representations,
    sourceBytes,
    bytes,
    bitsPerDim,
    codedBytes: compressed.codedBytes,
    metadataBytes: compressed.metadataBytes,
    recipeBytes: compressed.recipeBytes,
    overheadBytes: compressed.overheadBytes,
    restores: compressed.restores,
    sourceDigest: compressed.sourceDigest,
    exactBytes: compressed.exactBytes,
    verified: !args['no-verify'],
    sourceDeleted: args['delete-source'],
    warnings: warningsOf(compressed, read),
    seconds,
  };
  const names = `${displayName(image)} -> ${displayTarget(output)}`;
  const size = `${formatBytes(bytes)} (${formatPercent(bytes, sourceBytes)} of the ${read.source.format})`;
  const verified = args['no-verify'] ? 'not verified' : 'verified';
  const removed = args['delete-source'] ? ['source deleted'] : [];
  const unused =
    args.model === undefined || compressed.modelUsed
      ? []
      : [unusedModelRemark(args.model, 'it makes no part of the image smaller')];
  const result = [`${size}, ${verified}`, ...removed, ...remarks(compressed, read, sourceBytes), ...unused].join('; ');
  const line = `${names}  ${formatBitsPerDim(bitsPerDim)}  ${result}`;
  const details = [
    ['image', `${width} x ${height} ${channelsName(channels, indexed)}, ${formatNumber(depth, 'bit')} per sample`],
    ['stored', `${formatNumber(compressed.tiles, 'tile')}: ${describeRepresentations(compressed.representations)}`],
    ['model', `${compressed.modelName}, effort ${compressed.effort}${compressed.modelUsed ? '' : ' (not used)'}`],
    ['bytes', byteText(compressed)],
    ['restores', restoredText(compressed)],
    ['time', `${phaseText(phasesOf(args), phaseSeconds)}, ${seconds.toFixed(2)} s total`],
    ['threads', String(args.threads)],
  ] as const;
  return { status: 'done', line, json, details, sourceBytes, bytes };
}

function phasesOf(args: CompressArguments): string[] {
  return args['no-verify'] ? ['coding'] : ['coding', 'verifying'];
}

function byteText({ codedBytes, metadataBytes, recipeBytes, overheadBytes }: Compressed): string {
  const [coded, metadata, recipe, overhead] = [codedBytes, metadataBytes, recipeBytes, overheadBytes].map(formatCount);
  return `${coded} samples, ${metadata} metadata, ${recipe} recipe, ${overhead} container`;
}

/** Returns what is lost of the source: nothing if the result restores it. */
function warningsOf({ restores }: Compressed, { source }: ReadImage): readonly string[] {
  return restores === 'file' ? [] : source.warnings;
}

/** "restoring the file would need 1,234 bytes more (4.5 %): --exact"; null if it is restored or cannot be. */
function costText({ bytes, exactBytes }: Compressed): string | null {
  if (exactBytes === null) return null;
  const more = exactBytes - bytes.length;
  return `restoring the file itself would need ${formatBytes(more)} more (${formatPercent(more, bytes.length)}): --exact`;
}

function restoredText({ restores, sourceDigest }: Compressed): string {
  return restores === 'file' ? `the file itself (SHA-256 ${sourceDigest})` : 'samples and metadata, in a new file';
}

function formatMegapixels({ width, height }: ReadImage['raster']): string {
  return `${((width * height) / 1e6).toFixed(1)} megapixels`;
}

/** Returns warnings, and remarks on results that are larger than expected. */
function remarks(compressed: Compressed, read: ReadImage, sourceBytes: number): string[] {
  const { bytes, representations, restores } = compressed;
  const { source } = read;
  const lines = [...warningsOf(compressed, read)];
  if (restores === 'file') lines.push('restores the file');
  const cost = costText(compressed);
  if (cost !== null) lines.push(cost);
  const { model, palette, raw, stored } = representations;
  if (stored > 0) lines.push('stored as it is, which is smallest');
  if (raw > 0) lines.push(`${model + palette > 0 ? 'partly ' : ''}stored raw, which is smallest`);
  if (bytes.length > sourceBytes) lines.push(`larger than the ${source.format}`);
  return lines;
}
