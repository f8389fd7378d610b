import type { ManifestWriter } from '../../batch/manifest.js';
import { fullResultName, resultName, sourceExtensions } from '../../batch/output-names.js';
import { sha256Text } from '../../codec/check.js';
import { isCodedAsJpeg } from '../../codec/jpeg-source.js';
import { checkBatchWriting } from '../batch-options.js';
import type { CompressedFile, Compression } from '../compression.js';
import { deleteSource, requireRestored } from '../delete-source.js';
import type { FileContext } from '../file-command.js';
import { type Input, readInput } from '../input.js';
import { checkManifest, openManifest } from '../manifest.js';
import { displayName, formatBytes, formatDuration, formatPercent } from '../messages.js';
import { modelOf } from '../model-argument.js';
import { readOptionsOf } from '../options.js';
import { checkTarget, displayTarget, resultTarget, writeTarget } from '../output.js';
import { PhaseTimes, phaseText } from '../phase-times.js';
import { sourceProbes } from '../probes.js';
import { runFiles } from '../run.js';
import type { FileResult } from '../run-report.js';
import { replacedNote, planned, replacing, skippedResult } from '../skip-existing.js';
import type { SizedTask } from '../tasks.js';
import { type CompressArguments, exactnessOf, phasesOf } from './compress-arguments.js';
import { jpegCompression } from './compress-jpeg.js';
import { pixelsCompression, pixelsOptions } from './compress-pixels.js';

/** Seconds from which the expected time is printed. */
const MIN_ANNOUNCED = 10;

/** `pixrnn compress`. */
export async function compressFiles(args: CompressArguments): Promise<void> {
  const options = pixelsOptions(args, await modelOf(args));
  const receipts = args.manifest === undefined ? null : openManifest(args.manifest);
  const compressionOf = (path: string, input: Input): Promise<Compression> =>
    isCodedAsJpeg(input.bytes, exactnessOf(args))
      ? Promise.resolve(jpegCompression(path, input, args))
      : pixelsCompression(path, input, args, options);
  await runFiles(args.images, args, {
    verb: 'compressed',
    extensions: sourceExtensions(args['allow-lossy-source']),
    outputOf: (path) => args.output ?? resultName(path),
    fullOutputOf: (path) => args.output ?? fullResultName(path),
    outDir: args['out-dir'],
    codesJpegSamples: args.pixels ?? false,
    phases: phasesOf(args),
    check: (paths) => {
      checkBatchWriting(paths, args, !args['no-verify']);
      if (receipts) checkManifest(paths, args.manifest!, args);
    },
    run: (task, context) => compressFile(task, args, compressionOf, { ...context, receipts }),
    plan: async (task) => {
      const input = await readInput(task.path);
      const { existing } = await compressionOf(task.path, input);
      return planned(resultTarget(task.output, input.stats, args), args, () => existing(task.output));
    },
    probes: (tasks, pool) => sourceProbes(tasks, readOptionsOf(args), { ...options, pool }),
  });
}

async function compressFile(
  task: SizedTask,
  args: CompressArguments,
  compressionOf: (path: string, input: Input) => Promise<Compression>,
  { pool, update, expect, note, isAlone, receipts }: FileContext & { readonly receipts: ManifestWriter | null },
): Promise<FileResult> {
  const began = performance.now();
  const { path, output } = task;
  const input = await readInput(path);
  const addReceipt = (): void => receipts?.add({ digest: sha256Text(input.bytes), name: path });
  let target = resultTarget(output, input.stats, args);
  if (!args['skip-existing']) checkTarget(target);
  const compression = await compressionOf(path, input);
  const differenceOf = (): Promise<string | null> => compression.differenceOf(output, pool);
  if (args['skip-existing']) {
    const existing = await compression.existing(output);
    if (existing.kind === 'done') {
      addReceipt();
      if (args['delete-source']) await deleteSource(path, input.stats, output, differenceOf);
      return skippedResult(task);
    }
    if (existing.kind === 'other') note(replacedNote(task, existing.reason));
    target = replacing(target);
    checkTarget(target);
  }
  const expected = isAlone ? await compression.estimate(pool) : null;
  if (expected && expected.seconds >= MIN_ANNOUNCED) {
    const size = `${expected.megapixels.toFixed(1)} megapixels`;
    note(`${displayName(path)}: ${size}, about ${formatDuration(expected.seconds)}\n`);
  }
  if (expected) expect(expected.seconds);

  const times = new PhaseTimes(phasesOf(args));
  const onProgress = (done: number, total: number): void => {
    times.update(done, total);
    update(done, total);
  };
  update(0, 1);
  const compressed = await compression.code({ pool, onProgress });
  const phaseSeconds = times.stop();
  await writeTarget(target, compressed.bytes);
  addReceipt();
  if (args['delete-source']) {
    if (!args.pixels) requireRestored(compressed);
    await deleteSource(path, input.stats, output, differenceOf);
  }
  const seconds = (performance.now() - began) / 1000;
  const sourceBytes = input.bytes.length;
  return resultOf(task, args, compressed, { format: compression.format, sourceBytes, seconds, phaseSeconds });
}

/** What a result says besides the compressed file. */
interface RunFacts {
  readonly format: string;
  readonly sourceBytes: number;
  readonly seconds: number;
  readonly phaseSeconds: readonly number[];
}

function resultOf(
  { path, output }: SizedTask,
  args: CompressArguments,
  compressed: CompressedFile,
  { format, sourceBytes, seconds, phaseSeconds }: RunFacts,
): FileResult {
  const bytes = compressed.bytes.length;
  const [verified, sourceDeleted] = [!args['no-verify'], args['delete-source']];
  const json = {
    ...{ file: path, output, format, ...compressed.json, sourceBytes, bytes },
    ...{ restores: compressed.restores, verified, sourceDeleted, seconds },
  };
  const size = `${formatBytes(bytes)} (${formatPercent(bytes, sourceBytes)} of the ${format})`;
  const remarks = [
    ...(sourceDeleted ? ['source deleted'] : []),
    ...compressed.remarks,
    ...(bytes > sourceBytes ? [`larger than the ${format}`] : []),
  ];
  const names = `${displayName(path)} -> ${displayTarget(output)}`;
  const result = [`${size}, ${verified ? 'verified' : 'not verified'}`, ...remarks].join('; ');
  const details = [
    ...compressed.details,
    ['time', `${phaseText(phasesOf(args), phaseSeconds)}, ${seconds.toFixed(2)} s total`],
    ['threads', String(args.threads)],
  ] as const;
  return { status: 'done', line: `${names}  ${compressed.rate}  ${result}`, json, details, sourceBytes, bytes };
}
