import { imageDifference } from '../../batch/compare.js';
import { findOriginal, originalsWithoutResult, type ResultNames } from '../../batch/originals.js';
import type { Source } from '../../batch/sources.js';
import { statsOf } from '../../batch/stats.js';
import { equalBytes } from '../../bytes.js';
import { type Container, countRepresentations } from '../../codec/container.js';
import { type DecompressOptions, decompressToRaster } from '../../codec/decompress.js';
import { openContainer } from '../../codec/open-container.js';
import { restoreSource } from '../../codec/restore-source.js';
import { PixrnnError } from '../../errors.js';
import { channelsName } from '../../image/raster.js';
import { readImage } from '../../image/read-image.js';
import { metadataOf } from '../../image/write-png.js';
import { describeRepresentations } from '../../report/representations.js';
import { type BatchingArguments, checkVerbosity } from '../batch-options.js';
import type { FileContext } from '../file-command.js';
import { readInput } from '../input.js';
import { displayName, escapeControls, formatBytes } from '../messages.js';
import { modelOf } from '../model-argument.js';
import { type CodingArguments, type ReadingArguments, readOptionsOf } from '../options.js';
import { fullResultName, PRNN_EXTENSION, resultName, sourceExtensions } from '../output.js';
import { noiseProbes } from '../probes.js';
import { runFiles } from '../run.js';
import type { FileResult, Missing } from '../run-report.js';
import type { SizedTask } from '../tasks.js';
import { isUsed, modelNames, unusedModelRemark, whyUnused } from '../used-model.js';

interface VerifyArguments extends CodingArguments, ReadingArguments, BatchingArguments {
  files: string[];
  full: boolean;
  against: string | undefined;
}

/** `pixrnn verify`. */
export async function verifyFiles(args: VerifyArguments): Promise<void> {
  const model = await modelOf(args);
  const options = { models: model ? [model] : [], maxPixels: args['max-pixels'] };
  const decodes = args.full || args.against !== undefined;
  let sources: readonly Source[] = [];
  await runFiles(args.files, args, {
    verb: 'verified',
    extensions: PRNN_EXTENSION,
    outputOf: null,
    phases: ['decoding'],
    check: (paths, found) => {
      checkVerbosity(args);
      checkAgainst(paths, args.against);
      sources = found;
    },
    missing: () => originalsMissing(args, sources),
    run: (task, context) => verifyFile(task, args, options, context),
    plan: () => Promise.resolve({ action: 'make', reason: null }),
    async *probes(tasks, pool) {
      if (decodes) yield* noiseProbes(tasks, { model, pool });
    },
  });
}

/** Rejects a missing original, and a single original for several files. */
function checkAgainst(paths: readonly string[], against: string | undefined): void {
  if (against === undefined) return;
  const stats = statsOf(against);
  if (!stats)
    throw new PixrnnError('usage', `--against ${escapeControls(against)}: no such file or directory. Check the name.`);
  if (stats.isDirectory() || paths.length === 1) return;
  throw new PixrnnError('usage', '--against names one file, but there are several files to compare. Name a directory.');
}

const resultNames: ResultNames = (path) => [resultName(path), fullResultName(path)];

/** Finds originals without a .prnn file, if whole directories are compared. */
function originalsMissing(args: VerifyArguments, sources: readonly Source[]): Missing[] {
  const { against, files, recursive } = args;
  const isDirectory = (path: string): boolean => statsOf(path)?.isDirectory() ?? false;
  if (against === undefined || !recursive || !isDirectory(against) || !files.some(isDirectory)) return [];
  const results = sources.map(({ below }) => below);
  const originals = originalsWithoutResult(against, results, resultNames, sourceExtensions(args['allow-lossy-source']));
  return originals.map(({ path, fault }) => ({
    path,
    error: fault ?? new PixrnnError('input-unreadable', 'no .prnn file found for this original. Compress it.'),
  }));
}

async function verifyFile(
  task: SizedTask,
  args: VerifyArguments,
  options: DecompressOptions,
  { pool, update }: FileContext,
): Promise<FileResult> {
  const began = performance.now();
  const { path: file } = task;
  const { bytes } = await readInput(file);
  const original = args.against === undefined ? null : originalOf(task, args.against);
  const decodes = args.full || original !== null;
  const container = decodes
    ? await verifySamples(bytes, original, args, { ...options, pool, onProgress: update })
    : await openContainer(bytes, { maxPixels: args['max-pixels'] });
  await metadataOf(container.header, container.metadata); // checks that the metadata is well-formed

  const { width, height, channels, depth, indexed } = container.header;
  const checked = original !== null ? 'original' : decodes ? 'samples' : 'structure';
  const says = {
    original: `identical to ${escapeControls(original ?? '')}`,
    samples: 'decoded, checksum matches',
    structure: 'structure valid, not decoded',
  };
  const sourceBytes = bytes.length;
  const seconds = (performance.now() - began) / 1000;
  const [model] = options.models ?? [];
  const isModelUsed = decodes && model !== undefined && isUsed(container.header, model);
  const models = modelNames(container.header);
  const json = {
    ...{ file, checked, original, width, height, channels, depth, indexed, models },
    ...(args.model === undefined ? {} : { modelUsed: isModelUsed }),
    ...{ sourceBytes, seconds },
  };
  const unused =
    args.model === undefined || isModelUsed
      ? ''
      : `; ${unusedModelRemark(args.model, decodes ? whyUnused(container.header) : 'nothing is decoded')}`;
  const details = [
    ['stored', describeRepresentations(countRepresentations(container))],
    ['model', models.length === 0 ? 'none' : `${models.join(', ')}, effort ${container.header.effort}`],
    ['time', `${seconds.toFixed(2)} s`],
    ['threads', String(args.threads)],
  ] as const;
  const size = `${width} x ${height} ${channelsName(channels, indexed)}  ${formatBytes(sourceBytes)}`;
  const line = `${displayName(file)}  ${size}; ${says[checked]}${unused}`;
  return { status: 'done', line, json, details, sourceBytes, bytes: 0 };
}

function originalOf({ below }: SizedTask, against: string): string {
  return findOriginal(against, below, resultNames);
}

/** Decodes a file and checks every hash; compares what it restores with the original, if there is one. */
async function verifySamples(
  bytes: Uint8Array,
  original: string | null,
  args: VerifyArguments,
  options: DecompressOptions,
): Promise<Container> {
  const { raster, container } = await decompressToRaster(bytes, options);
  const source = await restoreSource(container, raster);
  if (original === null) return container;
  const wanted = (await readInput(original)).bytes;
  if (source !== null && equalBytes(source, wanted)) return container;
  const image = { raster, metadata: container.metadata };
  const difference =
    source === null ? await imageDifference(image, await readImage(wanted, readOptionsOf(args))) : 'its bytes differ';
  if (difference === null) return container;
  const what = `it does not match ${escapeControls(original)}: ${difference}`;
  throw new PixrnnError('hash-mismatch', `${what}. Compress the original again, or check whether it was changed.`);
}
