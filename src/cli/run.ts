import { dirname } from 'node:path';
import type { Limits } from '../batch/memory-budget.js';
import { type ExpectedTime, expectedTime, secondsOf, SLOW } from '../batch/estimate.js';
import { pixelsOf } from '../batch/header.js';
import { removeLeftovers } from '../batch/leftovers.js';
import { type MeteredFile, WorkMeter } from '../batch/meter.js';
import { probeFolder, probePermissions } from '../batch/probe-folder.js';
import { runAll } from '../batch/run.js';
import { withPool } from '../codec/coding-options.js';
import type { Coders } from '../engine/pool.js';
import { printJson, ReportedFailure } from './batch.js';
import type { BatchingArguments } from './batch-options.js';
import { dryRun } from './dry-run.js';
import type { FileCommand } from './file-command.js';
import { STANDARD_STREAM } from './input.js';
import { formatDuration } from './messages.js';
import { isNullDevice } from './null-device.js';
import type { CodingArguments } from './options.js';
import { checkFolder } from './output.js';
import { RunReport, workText } from './run-report.js';
import { checkMemory, limitsOf, listTasks, type SizedTask } from './tasks.js';

type Arguments = CodingArguments & BatchingArguments;

/**
 * Runs a command on all files of the command line. A failure is reported and does not stop the batch.
 * @throws ReportedFailure with the exit code of the first file in the list that failed; PixrnnError 'usage' before any file is processed
 */
export async function runFiles(names: readonly string[], args: Arguments, command: FileCommand): Promise<void> {
  const limits = limitsOf(args);
  const { tasks, isMany } = await listTasks(names, args, command);
  if (command.outDir !== undefined) checkFolder(command.outDir, args['dry-run'] ? probePermissions : probeFolder);
  if (args['dry-run']) return dryRun(tasks, args, command);
  if (command.outputOf) removeTemporaryFiles(tasks);

  await withPool({ threads: args.threads }, async (pool) => {
    const expected = isMany ? await expectedOf(tasks, command, limits, pool) : null;
    const meter = new WorkMeter(meteredFiles(tasks, expected), expected?.seconds ?? null);
    const report = new RunReport({ ...args, verb: command.verb, isMany, files: tasks.length }, meter);
    reportStart(tasks, expected?.seconds ?? null, args, report);
    const run = { pool, isAlone: !isMany, meter, report };
    await runAll(tasks, limits, (task) => processTask(task, args, command, run)).finally(() => report.stop());
    report.missing(command.missing?.() ?? []);
    const exitCode = report.finish();
    if (exitCode !== 0) throw new ReportedFailure(exitCode);
  });
}

/** Removes the temporary files of killed runs from the output directories. */
function removeTemporaryFiles(tasks: readonly SizedTask[]): void {
  const outputs = tasks
    .map(({ output }) => output)
    .filter((output) => output !== STANDARD_STREAM && !isNullDevice(output));
  for (const folder of new Set(outputs.map((output) => dirname(output)))) removeLeftovers(folder);
}

function expectedOf(
  tasks: readonly SizedTask[],
  { phases, probes }: FileCommand,
  limits: Limits,
  pool: Coders,
): Promise<ExpectedTime | null> {
  return expectedTime({ files: tasks, passes: phases.length }, limits, () => probes(tasks, pool));
}

function meteredFiles(tasks: readonly SizedTask[], expected: ExpectedTime | null): Map<string, MeteredFile> {
  const speeds = expected?.speeds ?? SLOW;
  return new Map(
    tasks.map(({ path, size, work }) => [path, { pixels: pixelsOf(size), work: secondsOf(work, speeds) }]),
  );
}

function reportStart(
  tasks: readonly SizedTask[],
  secondsExpected: number | null,
  { json, threads, jobs }: Arguments,
  report: RunReport,
): void {
  const pixels = tasks.reduce((sum, { size }) => sum + pixelsOf(size), 0);
  if (json) {
    printJson({
      event: 'start',
      files: tasks.length,
      megapixels: pixels / 1e6,
      secondsExpected,
      threads,
      jobs: jobs ?? null,
    });
  } else if (secondsExpected !== null) {
    report.note(`${workText(tasks.length, pixels)}: about ${formatDuration(secondsExpected)}\n`);
  }
}

/** What all files of a run share. */
interface Run {
  readonly pool: Coders;
  readonly isAlone: boolean;
  readonly meter: WorkMeter<string>;
  readonly report: RunReport;
}

async function processTask(
  task: SizedTask,
  args: Arguments,
  command: FileCommand,
  { pool, isAlone, meter, report }: Run,
): Promise<void> {
  const { path } = task;
  const progress = report.progress.file(path, command.phases);
  const update = (done: number, total: number): void => {
    meter.update(path, done / total);
    progress.update(done, total);
  };
  let isWork = false;
  try {
    if (task.fault) throw task.fault;
    checkMemory(task, args);
    const result = await command.run(task, {
      ...{ pool, update, isAlone },
      expect: progress.expect,
      note: (text) => report.note(text),
    });
    isWork = result.status === 'done';
    progress.stop();
    report.result(result, pixelsOf(task.size));
  } catch (error) {
    progress.stop();
    report.failure(task.index, path, error);
  } finally {
    meter.end(path, isWork);
  }
}
