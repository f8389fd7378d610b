import type { IQueueBackend, JobType, Queue } from 'bullmq';
import { runOfId } from '../jobs.js';

/* The jobs of runs, whose ids begin with the ids of their runs. */

/** Number of jobs to ask for at a time. */
export const PAGE = 500;

/**
 * States of jobs that are not finished. A job that is tried again while they are read goes from `active` to `delayed`, so that this state is
 * read twice; all other changes lead to states that follow.
 */
const UNFINISHED = ['waiting-children', 'delayed', 'prioritized', 'waiting', 'active', 'delayed'] as const;

/** The jobs of a run. */
export interface RunJobs {
  /** Jobs that have not started, or run; a job that changes its state meanwhile may count twice. */
  readonly unfinished: number;
  readonly failed: number;
}

type AnyQueue<T, R> = Queue<T, R, string, T, R, string, IQueueBackend>;

/** Returns the jobs of each run that has some. */
export async function jobsOfRuns<T, R>(queue: AnyQueue<T, R>): Promise<ReadonlyMap<string, RunJobs>> {
  const found = new Map<string, { unfinished: number; failed: number }>();
  const count = async (state: JobType, kind: keyof RunJobs): Promise<void> => {
    for (let at = 0; ; at += PAGE) {
      const ids = await queue.getRanges([state], at, at + PAGE - 1);
      for (const id of ids) {
        const jobs = found.get(runOfId(id)) ?? { unfinished: 0, failed: 0 };
        jobs[kind]++;
        found.set(runOfId(id), jobs);
      }
      if (ids.length < PAGE) return;
    }
  };
  for (const state of UNFINISHED) await count(state, 'unfinished');
  await count('failed', 'failed');
  return found;
}

/** Removes the finished jobs of some runs. */
export async function removeFinished<T, R>(queue: AnyQueue<T, R>, runs: ReadonlySet<string>): Promise<void> {
  for (const state of ['completed', 'failed'] as const) {
    for (let at = 0; ;) {
      const ids = await queue.getRanges([state], at, at + PAGE - 1);
      const removed = ids.filter((id) => runs.has(runOfId(id)));
      await Promise.all(removed.map((id) => queue.remove(id)));
      at += ids.length - removed.length;
      if (ids.length < PAGE) break;
    }
  }
}
