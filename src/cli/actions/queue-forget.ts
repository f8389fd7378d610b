import { escapeControls } from '../../node/path-text.js';
import type { JobQueue } from '../../farm/queue/job-queue.js';
import type { RunJobs } from '../../farm/queue/run-jobs.js';
import { counted } from '../../counted.js';
import { PixrnnError } from '../../errors.js';
import { printJson } from '../batch.js';
import type { QueueArguments } from '../queue-options.js';
import { standard } from '../streams.js';
import { withQueue } from './queue-connection.js';

interface ForgetArguments extends QueueArguments {
  runs: string[] | undefined;
  older: number | undefined;
  failed: boolean;
  quiet: boolean;
  json: boolean;
}

const DAY = 24 * 3600 * 1000;

/**
 * `pixrnn queue forget`.
 * @throws PixrnnError 'usage' for a named run that does not exist or is not finished; then none is removed
 */
export async function forgetRuns({ runs = [], older, failed, ...args }: ForgetArguments): Promise<void> {
  if (runs.length > 0 === (older !== undefined)) {
    throw new PixrnnError('usage', 'name the runs to forget, or use --older. "pixrnn queue status" lists the runs.');
  }
  if (older !== undefined && !(older >= 0)) throw new PixrnnError('usage', '--older must be a number >= 0.');
  await withQueue(args, async (queue) => {
    const chosen = older === undefined ? await existing(queue, runs) : await submittedBefore(queue, older);
    const jobs = await queue.jobsOfRuns();
    const kept = chosen.flatMap((run) => {
      const reason = keepingReason(jobs.get(run), failed);
      return reason === null ? [] : [{ run, reason }];
    });
    const [first] = kept;
    if (first && older === undefined) {
      throw new PixrnnError('usage', `the run ${first.run} ${first.reason}. No run was forgotten.`);
    }
    const forgotten = chosen.filter((run) => !kept.some((other) => other.run === run));
    await queue.forget(forgotten);
    if (args.json) printJson({ forgotten, kept });
    else if (!args.quiet) {
      const lines = kept.map(({ run, reason }) => `run ${run} is kept: it ${reason}`);
      standard.stderr.write(`${[...lines, `${counted(forgotten.length, 'run')} forgotten`].join('\n')}\n`);
    }
  });
}

/** Returns why a run may not be forgotten; null if it may. */
function keepingReason(jobs: RunJobs | undefined, withFailed: boolean): string | null {
  if (jobs && jobs.unfinished > 0) return `is not finished: ${counted(jobs.unfinished, 'job')} left`;
  if (!jobs || jobs.failed === 0 || withFailed) return null;
  return `has ${counted(jobs.failed, 'failed job')}, which "pixrnn queue failed" lists; --failed forgets them too`;
}

/** @throws PixrnnError 'usage' if there is no such run */
async function existing(queue: JobQueue, runs: readonly string[]): Promise<string[]> {
  const known = new Set((await queue.allRuns()).map(({ id }) => id));
  const unknown = runs.find((run) => !known.has(run));
  if (unknown === undefined) return [...new Set(runs)];
  const what = `the queue has no run ${escapeControls(unknown)}`;
  throw new PixrnnError('usage', `${what}. "pixrnn queue status" lists its runs.`);
}

async function submittedBefore(queue: JobQueue, days: number): Promise<string[]> {
  const limit = Date.now() - days * DAY;
  return (await queue.allRuns()).filter(({ submitted }) => submitted <= limit).map(({ id }) => id);
}
