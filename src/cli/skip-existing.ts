import type { Existing } from '../batch/done.js';
import { probePermissions } from '../batch/probe-folder.js';
import type { BatchWritingArguments } from './batch-options.js';
import type { PlannedAction } from './file-command.js';
import { displayName, escapeControls } from './messages.js';
import { checkTarget, displayTarget, type Target } from './output.js';
import type { FileResult } from './run-report.js';
import type { SizedTask } from './tasks.js';

/** Of a file whose result is there. */
export function skippedResult({ path, output }: SizedTask): FileResult {
  return {
    status: 'skipped',
    line: `${displayName(path)} -> ${displayTarget(output)}  done before`,
    json: { file: path, output },
    sourceBytes: 0,
    bytes: 0,
  };
}

/** That something else stands under a result's name, which is replaced. */
export function againNote({ path, output }: SizedTask, reason: string): string {
  return `pixrnn: ${displayName(path)}: ${displayTarget(output)} is not its result: ${escapeControls(reason)}. It is made again.\n`;
}

/** The target that replaces what is not a result. */
export function madeAgain(target: Target): Target {
  return { ...target, force: true };
}

/** What would become of a file, for a dry run; throws what the run would. */
export async function planned(
  target: Target,
  { 'skip-existing': skips }: BatchWritingArguments,
  existing: () => Promise<Existing>,
): Promise<PlannedAction> {
  if (!skips) {
    checkTarget(target, probePermissions);
    return { action: 'make', reason: null };
  }
  const found = await existing();
  if (found.kind === 'done') return { action: 'skip', reason: null };
  checkTarget(madeAgain(target), probePermissions);
  return found.kind === 'none' ? { action: 'make', reason: null } : { action: 'make-again', reason: found.reason };
}
