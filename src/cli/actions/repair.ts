import { outputName, PRNN_EXTENSION } from '../../batch/output-names.js';
import type { PrnnFile } from '../../codec/container.js';
import { decodeRaster, type DecompressOptions } from '../../codec/decompress.js';
import { damageText } from '../../codec/parity-damage.js';
import { repair, type Repaired } from '../../codec/repair.js';
import { restoreFile } from '../../codec/restore-file.js';
import { type BatchingArguments, checkOneOutput, checkVerbosity } from '../batch-options.js';
import type { FileContext, PlannedAction } from '../file-command.js';
import { readInput, STANDARD_STREAM } from '../input.js';
import { displayName, formatBytes } from '../messages.js';
import { modelOf } from '../model-argument.js';
import {
  checkWriting,
  type CodingArguments,
  type DecodingArguments,
  decodingLimits,
  type WritingArguments,
} from '../options.js';
import { checkTarget, displayTarget, resultTarget, writeTarget } from '../output.js';
import { pinpointed } from '../pinpoint.js';
import { resultProbes } from '../probes.js';
import { runFiles } from '../run.js';
import type { FileResult } from '../run-report.js';
import type { SizedTask } from '../tasks.js';

/** Arguments of `pixrnn repair`. */
export interface RepairArguments extends CodingArguments, DecodingArguments, WritingArguments, BatchingArguments {
  files: string[];
  'out-dir': string | undefined;
  full: boolean;
}

/** `pixrnn repair`. */
export async function repairFiles(args: RepairArguments): Promise<void> {
  const model = await modelOf(args);
  const options = { models: model ? [model] : [], ...decodingLimits(args) };
  await runFiles(args.files, args, {
    verb: 'repaired',
    extensions: PRNN_EXTENSION,
    outputOf: (name) => args.output ?? (args['out-dir'] === undefined ? repairedName(name) : name),
    outDir: args['out-dir'],
    phases: args.full ? ['decoding'] : ['repairing'],
    check: (paths) => {
      checkWriting(paths, args);
      checkVerbosity(args);
      checkOneOutput(args);
    },
    run: (task, context) => repairFile(task, args, options, context),
    plan: async (task) => plannedRepair(task, args),
    async *probes(tasks, pool) {
      if (args.full) yield* resultProbes(tasks, { model, pool });
    },
  });
}

/** `photo.prnn` -> `photo.repaired.prnn` */
function repairedName(file: string): string {
  return outputName(file, PRNN_EXTENSION, '.repaired.prnn');
}

async function plannedRepair({ path, output }: SizedTask, args: RepairArguments): Promise<PlannedAction> {
  const { bytes, stats } = await readInput(path);
  if (!repaired(bytes, args).wasDamaged) return { action: 'skip', reason: null };
  checkTarget(resultTarget(output, stats, args));
  return { action: 'make', reason: null };
}

async function repairFile(
  { path, output }: SizedTask,
  args: RepairArguments,
  options: DecompressOptions,
  { pool, update }: FileContext,
): Promise<FileResult> {
  const began = performance.now();
  const { bytes: input, stats } = await readInput(path);
  update(0, 1);
  const { bytes, file, wasDamaged } = repaired(input, args);
  const parity = file.parity ?? null;
  const target = resultTarget(output, stats, args);
  const writes = wasDamaged || output === STANDARD_STREAM;
  if (writes) checkTarget(target);
  if (args.full) await decode(file, { ...options, pool, onProgress: update });
  if (writes) await writeTarget(target, bytes);

  const seconds = (performance.now() - began) / 1000;
  const checked = args.full ? 'samples' : 'structure';
  const json = { file: path, output: writes ? output : null, checked, parity, sourceBytes: input.length, seconds };
  const says = args.full ? 'decoded, checksum matches' : 'structure valid, not decoded';
  if (!wasDamaged) {
    const sound = parity ? 'nothing to repair' : 'nothing to repair, and it has no parity';
    const line = `${displayName(path)}  ${sound}; ${says}`;
    return { status: 'skipped', line, json, sourceBytes: 0, bytes: 0 };
  }
  const removed = `removed ${formatBytes(input.length - bytes.length)} after its end: destroyed parity, or foreign bytes`;
  const what = `${formatBytes(bytes.length)}, ${parity ? `repaired ${damageText(parity)}` : removed}`;
  const line = `${displayName(path)} -> ${displayTarget(output)}  ${what}; ${says}`;
  return {
    status: 'done',
    line,
    json: { ...json, bytes: bytes.length },
    sourceBytes: input.length,
    bytes: bytes.length,
  };
}

/** Repairs a file; the error says what is lost. */
function repaired(bytes: Uint8Array, args: RepairArguments): Repaired {
  try {
    return repair(bytes, { maxPixels: args['max-pixels'] });
  } catch (cause) {
    throw pinpointed(bytes, cause);
  }
}

/** Decodes a file, which checks every hash. */
async function decode(file: PrnnFile, options: DecompressOptions): Promise<void> {
  const restored = await restoreFile(file, options);
  if (restored === null && 'header' in file) await decodeRaster(file, options);
}
