import { shellWord } from '../../node/path-text.js';
import { imageDifference } from '../../batch/compare.js';
import type { ManifestEntry } from '../../batch/manifest.js';
import { fullResultName, PRNN_EXTENSION, resultName, sourceExtensions } from '../../batch/output-names.js';
import { findOriginal, originalsWithoutResult, type ResultNames } from '../../batch/originals.js';
import type { Source } from '../../batch/sources.js';
import { statsOf } from '../../batch/stats.js';
import { equalBytes } from '../../bytes.js';
import { recordOf } from '../../codec/code-jpeg.js';
import type { PrnnFile } from '../../codec/container.js';
import { decodeRaster, type DecompressOptions } from '../../codec/decompress.js';
import { requireUndamaged } from '../../codec/parity-damage.js';
import { restoreFile } from '../../codec/restore-file.js';
import { restoreSource } from '../../codec/restore-source.js';
import { sourceOf } from '../../codec/source-of.js';
import { PixrnnError } from '../../errors.js';
import { formatOf } from '../../image/formats.js';
import { readImage } from '../../image/read-image.js';
import { stripJpegMetadata } from '../../jpeg/strip-metadata.js';
import { metadataOf } from '../../image/write-png.js';
import { type BatchingArguments, checkVerbosity } from '../batch-options.js';
import type { FileContext } from '../file-command.js';
import { factsOf } from '../file-facts.js';
import { readInput } from '../input.js';
import { displayName, formatBytes } from '../messages.js';
import { parsePinpointed } from '../pinpoint.js';
import { readManifest } from '../manifest.js';
import { modelOf } from '../model-argument.js';
import {
  type CodingArguments,
  type DecodingArguments,
  decodingLimits,
  type ReadingArguments,
  readOptionsOf,
} from '../options.js';
import { resultProbes } from '../probes.js';
import { runFiles } from '../run.js';
import type { FileResult, Missing } from '../run-report.js';
import type { SizedTask } from '../tasks.js';
import { isUsed, modelsOf, unusedModelRemark, whyUnused } from '../used-model.js';

export interface VerifyArguments extends CodingArguments, DecodingArguments, ReadingArguments, BatchingArguments {
  files: string[];
  full: boolean;
  against: string | undefined;
  manifest: string | undefined;
}

/** `pixrnn verify`. */
export async function verifyFiles(args: VerifyArguments): Promise<void> {
  const model = await modelOf(args);
  const options = { models: model ? [model] : [], ...decodingLimits(args) };
  const entries = args.manifest === undefined ? [] : await readManifest(args.manifest);
  const restored = new Set<string>();
  let sources: readonly Source[] = [];
  await runFiles(args.files, args, {
    verb: 'verified',
    extensions: PRNN_EXTENSION,
    outputOf: null,
    phases: ['decoding'],
    check: (paths, found) => {
      checkVerbosity(args);
      checkShard(args);
      checkAgainst(paths, args.against);
      sources = found;
    },
    missing: () => [...originalsMissing(args, sources), ...notRestored(entries, restored)],
    run: (task, context) => verifyFile(task, args, options, { ...context, restored }),
    plan: () => Promise.resolve({ action: 'make', reason: null }),
    async *probes(tasks, pool) {
      if (decodesAny(args)) yield* resultProbes(tasks, { model, pool });
    },
  });
}

/** Whether all files are decoded. */
function decodesAny({ full, against, manifest }: VerifyArguments): boolean {
  return full || against !== undefined || manifest !== undefined;
}

/** Returns the files of the manifest that no verified file restores. */
function notRestored(entries: readonly ManifestEntry[], restored: ReadonlySet<string>): Missing[] {
  return entries
    .filter(({ digest }) => !restored.has(digest))
    .map(({ name }) => ({
      path: name,
      error: new PixrnnError(
        'hash-mismatch',
        'no .prnn file restores it byte for byte. Keep it, or compress it again.',
      ),
    }));
}

/** Rejects --shard with --manifest: the other files of the manifest are in other parts. */
function checkShard({ shard, manifest }: VerifyArguments): void {
  if (shard === undefined || manifest === undefined) return;
  throw new PixrnnError(
    'usage',
    '--manifest compares all files and cannot be combined with --shard. Remove one of them.',
  );
}

/** Rejects a missing original, and a single original for several files. */
function checkAgainst(paths: readonly string[], against: string | undefined): void {
  if (against === undefined) return;
  const stats = statsOf(against);
  if (!stats)
    throw new PixrnnError('usage', `--against ${shellWord(against)}: no such file or directory. Check the name.`);
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
  { pool, update, restored }: FileContext & { readonly restored: Set<string> },
): Promise<FileResult> {
  const began = performance.now();
  const { path } = task;
  const { bytes } = await readInput(path);
  const original = args.against === undefined ? null : originalOf(task, args.against);
  const decodes = decodesAny(args);
  const file = parsePinpointed(bytes, { maxPixels: args['max-pixels'] });
  const { restores, sourceDigest } = sourceOf(file);
  // Both are compressed: only unpacking them shows whether they are well-formed.
  if ('header' in file) await metadataOf(file.header, file.metadata);
  if ('record' in file) await recordOf(file);
  update(0, 1);
  if (decodes) await verifyContent(file, original, args, { ...options, pool, onProgress: update });
  if (decodes && sourceDigest !== null) restored.add(sourceDigest);
  requireUndamaged(file.parity, decodes);
  if (file.preview?.damaged) throw damagedPreview(decodes);

  const { image, json: fields, details } = factsOf(file);
  const checked = original !== null ? 'original' : decodes ? 'samples' : 'structure';
  const says = {
    original: `identical to ${shellWord(original ?? '')}${args['strip-metadata'] ? ' without its metadata' : ''}`,
    samples: restores === 'file' ? 'restores the file itself, SHA-256 matches' : 'decoded, checksum matches',
    structure: 'structure valid, not decoded',
  };
  const sourceBytes = bytes.length;
  const seconds = (performance.now() - began) / 1000;
  const [model] = options.models ?? [];
  const header = modelsOf(file);
  const isModelUsed = decodes && model !== undefined && isUsed(header, model);
  const json = {
    ...{ file: path, checked, original, restores, sourceDigest, ...fields },
    ...(args.model === undefined ? {} : { modelUsed: isModelUsed }),
    ...{ sourceBytes, seconds },
  };
  const unused =
    args.model === undefined || isModelUsed
      ? ''
      : `; ${unusedModelRemark(args.model, decodes ? whyUnused(header) : 'nothing is decoded')}`;
  const more = [...details, ['time', `${seconds.toFixed(2)} s`] as const, ['threads', String(args.threads)] as const];
  const line = `${displayName(path)}  ${image}  ${formatBytes(sourceBytes)}; ${says[checked]}${unused}`;
  return { status: 'done', line, json, details: more, sourceBytes, bytes: 0 };
}

function damagedPreview(decodes: boolean): PixrnnError {
  const rest = decodes ? 'the image was verified and is intact' : 'the structure of the rest is valid';
  return new PixrnnError(
    'file-corrupt',
    `its preview does not match its checksum; ${rest}. Decompress it, and compress it again.`,
  );
}

function originalOf({ below }: SizedTask, against: string): string {
  return findOriginal(against, below, resultNames);
}

/** Decodes a file and checks every hash; compares what it restores with the original, if there is one. */
async function verifyContent(
  file: PrnnFile,
  original: string | null,
  args: VerifyArguments,
  options: DecompressOptions,
): Promise<void> {
  const raster = 'header' in file ? await decodeRaster(file, options) : null;
  const source =
    'header' in file && raster ? await restoreSource(file, raster, options) : await restoreFile(file, options);
  if (original === null) return;
  const wanted = wantedBytes((await readInput(original)).bytes, args);
  if (source !== null && equalBytes(source, wanted)) return;
  const difference =
    source === null && raster && 'header' in file
      ? await imageDifference({ raster, metadata: file.metadata }, await readImage(wanted, readOptionsOf(args)))
      : 'its bytes differ';
  if (difference === null) return;
  const what = `it does not match ${shellWord(original)}: ${difference}`;
  throw new PixrnnError('hash-mismatch', `${what}. Compress the original again, or check whether it was changed.`);
}

/** Returns what a file has to restore of its original, if it restores a file. */
function wantedBytes(original: Uint8Array, args: VerifyArguments): Uint8Array {
  return args['strip-metadata'] && formatOf(original) === 'JPEG' ? stripJpegMetadata(original) : original;
}
