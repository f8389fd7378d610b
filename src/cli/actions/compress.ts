import { existingPrnn } from '../../batch/done.js';
import { prnnDifference } from '../../batch/read-back.js';
import { type Compressed, type CompressOptions, compressRaster } from '../../codec/compress.js';
import { expectedSeconds } from '../../codec/expected-time.js';
import { type ReadImage, readImage } from '../../image/read-image.js';
import { type BatchingArguments, type BatchWritingArguments, checkBatchWriting } from '../batch-options.js';
import { deleteSource } from '../delete-source.js';
import { type Input, readInput } from '../input.js';
import { displayName, formatBitsPerDim, formatBytes, formatDuration, formatPercent } from '../messages.js';
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
  sourceEndings,
  writeTarget,
} from '../output.js';
import { imageProbes } from '../probes.js';
import { type FileContext, runFiles } from '../run.js';
import type { FileResult } from '../run-report.js';
import { againNote, foreseen, madeAgain, skippedResult } from '../skip-existing.js';
import type { SizedTask } from '../tasks.js';

interface CompressArguments
  extends
    CodingArguments,
    LikelihoodArguments,
    ReadingArguments,
    WritingArguments,
    BatchingArguments,
    BatchWritingArguments {
  images: string[];
  'no-verify': boolean;
}

/** Images of this many pixels may need long enough that the expected time is measured. */
const LARGE = 4_000_000;

/** Expected times below this many seconds are not worth a line. */
const MIN_ANNOUNCED = 10;

/** `pixrnn compress`. */
export async function compressFiles(args: CompressArguments): Promise<void> {
  const model = await modelOf(args);
  const options: CompressOptions = { model, effort: effortOf(args), verify: !args['no-verify'] };
  await runFiles(args.images, args, {
    verb: 'compressed',
    endings: sourceEndings(args['allow-lossy-source']),
    outputOf: (path) => args.output ?? resultName(path),
    fullOutputOf: (path) => args.output ?? fullResultName(path),
    outDir: args['out-dir'],
    phases: args['no-verify'] ? ['coding'] : ['coding', 'verifying'],
    check: (paths) => checkBatchWriting(paths, args, !args['no-verify']),
    work: (task, context) => compressFile(task, args, options, context),
    foresee: async (task) => {
      const { input, read } = await readSource(task.path, args);
      return foreseen(resultTarget(task.output, input.stats, args), args, () => existingPrnn(task.output, read));
    },
    probes: (tasks, pool) => imageProbes(tasks, readOptionsOf(args), { ...options, pool }),
  });
}

async function readSource(path: string, args: CompressArguments): Promise<{ input: Input; read: ReadImage }> {
  const input = await readInput(path);
  return { input, read: await readImage(input.bytes, readOptionsOf(args)) };
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
  const read = await readImage(input.bytes, readOptionsOf(args));
  const { raster, metadata } = read;
  const isRight = (): Promise<string | null> => prnnDifference(output, read, { ...options, pool });
  if (args['skip-existing']) {
    const existing = await existingPrnn(output, read);
    if (existing.kind === 'done') {
      if (args['delete-source']) await deleteSource(image, input.stats, output, isRight);
      return skippedResult(task);
    }
    if (existing.kind === 'other') note(againNote(task, existing.reason));
    target = madeAgain(target);
    checkTarget(target);
  }
  const codingOptions: CompressOptions = { ...options, pool, metadata, pngStream: read.source.png ?? undefined };
  if (isAlone && raster.width * raster.height >= LARGE) {
    const seconds = await expectedSeconds(raster, codingOptions);
    if (seconds >= MIN_ANNOUNCED) {
      note(`${displayName(image)}: ${formatMegapixels(raster)}, about ${formatDuration(seconds)}\n`);
    }
  }

  const compressed = await compressRaster(raster, { ...codingOptions, onProgress: update });
  await writeTarget(target, compressed.bytes);
  if (args['delete-source']) await deleteSource(image, input.stats, output, isRight);
  const seconds = (performance.now() - began) / 1000;
  return resultOf(task, args, read, compressed, { sourceBytes: input.bytes.length, seconds });
}

function resultOf(
  { path: image, output }: SizedTask,
  args: CompressArguments,
  read: ReadImage,
  compressed: Compressed,
  { sourceBytes, seconds }: { sourceBytes: number; seconds: number },
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
    model: { id: compressed.modelId, name: compressed.modelName },
    effort: compressed.effort,
    tiles: compressed.tiles,
    representations: compressed.representations,
    sourceBytes,
    bytes,
    bitsPerDim,
    codedBytes: compressed.codedBytes,
    metadataBytes: compressed.metadataBytes,
    overheadBytes: compressed.overheadBytes,
    verified: !args['no-verify'],
    sourceDeleted: args['delete-source'],
    warnings: read.source.warnings,
    seconds,
  };
  const names = `${displayName(image)} -> ${displayTarget(output)}`;
  const size = `${formatBytes(bytes)} (${formatPercent(bytes, sourceBytes)} of the ${read.source.format})`;
  const verified = args['no-verify'] ? 'not verified' : 'verified';
  const removed = args['delete-source'] ? ['source removed'] : [];
  const result = [`${size}, ${verified}`, ...removed, ...remarks(compressed, read, sourceBytes)].join('; ');
  const line = `${names}  ${formatBitsPerDim(bitsPerDim)}  ${result}`;
  return { status: 'done', line, json, sourceBytes, bytes };
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
