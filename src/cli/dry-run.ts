import { pixelsOf } from '../batch/header.js';
import { PixrnnError } from '../errors.js';
import { printJson, ReportedFailure } from './batch.js';
import type { BatchingArguments } from './batch-options.js';
import { exitCodeOf } from './exit-codes.js';
import type { FileCommand, PlannedAction } from './file-command.js';
import { displayName, errorLine, formatBytes, messageOf } from './messages.js';
import type { CodingArguments } from './options.js';
import { displayTarget } from './output.js';
import { workText } from './run-report.js';
import { checkMemory, type SizedTask } from './tasks.js';
import { standard } from './streams.js';

/**
 * Prints the plan of a run with file sizes to standard output. Reads only what the plan needs and writes nothing.
 * @throws ReportedFailure for the failures of the run that can be predicted
 */
export async function dryRun(
  tasks: readonly SizedTask[],
  args: CodingArguments & BatchingArguments,
  command: FileCommand,
): Promise<void> {
  let exitCode: number | null = null;
  const todo: SizedTask[] = [];
  for (const task of tasks) {
    try {
      if (task.fault) throw task.fault;
      checkMemory(task, args);
      const planned = await command.plan(task);
      if (planned.action !== 'skip') todo.push(task);
      printPlan(task, planned, args.json);
    } catch (error) {
      exitCode ??= exitCodeOf(error);
      standard.stderr.write(errorLine(error, task.path));
      const code = error instanceof PixrnnError ? error.code : 'internal';
      if (args.json) printJson({ event: 'error', file: task.path, error: { code, message: messageOf(error) } });
    }
  }
  const pixels = todo.reduce((sum, { size }) => sum + pixelsOf(size), 0);
  if (args.json)
    printJson({ event: 'summary', files: tasks.length, done: 0, planned: todo.length, megapixels: pixels / 1e6 });
  else standard.stdout.write(`${workText(todo.length, pixels)} to process\n`);
  if (exitCode !== null) throw new ReportedFailure(exitCode);
}

const PREFIXES = { make: '', 'make-again': 'replace: ', skip: 'skip: ' };

function printPlan({ path, output, size }: SizedTask, { action, reason }: PlannedAction, json: boolean): void {
  const { shape, bytes } = size;
  if (json) {
    const sides = shape && { width: shape.width, height: shape.height };
    printJson({ event: 'plan', file: path, output, action, reason, ...sides, sourceBytes: bytes });
    return;
  }
  const name = path === output ? displayName(path) : `${displayName(path)} -> ${displayTarget(output)}`;
  const sides = shape ? `${shape.width} x ${shape.height}, ` : '';
  const why = reason === null ? '' : `; ${reason}`;
  standard.stdout.write(`${PREFIXES[action]}${name}  ${sides}${formatBytes(bytes)}${why}\n`);
}
