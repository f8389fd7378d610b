import { escapeControls } from '../node/path-text.js';
import type { Existing } from '../batch/done.js';
import { probePermissions } from '../batch/probe-folder.js';
import type { BatchWritingArguments } from './batch-options.js';
import type { PlannedAction } from './file-command.js';
import { displayName } from './messages.js';
import { checkTarget, displayTarget, type Target } from './output.js';
import type { FileResult } from './run-report.js';
import type { SizedTask } from './tasks.js';

/** Returns the result of a file whose output is up to date. */
export function skippedResult({ path, output }: SizedTask): FileResult {
  return {
    status: 'skipped',
    line: `${displayName(path)} -> ${displayTarget(output)}  up to date`,
    json: { file: path, output },
    sourceBytes: 0,
    bytes: 0,
  };
}

/** Returns the message for an existing file that is not the output of the source and is replaced. */
export function replacedNote({ path, output }: SizedTask, reason: string): string {
  return `pixrnn: ${displayName(path)}: replacing ${displayTarget(output)}: ${escapeControls(reason)}.\n`;
}

/** Returns the target with permission to replace an existing file. */
export function replacing(target: Target): Target {
  return { ...target, force: true };
}

/** Returns what a run would do with a file, for a dry run. Throws like the run. */
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
  checkTarget(replacing(target), probePermissions);
  return found.kind === 'none' ? { action: 'make', reason: null } : { action: 'make-again', reason: found.reason };
}
