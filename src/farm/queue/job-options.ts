import type { JobsOptions } from 'bullmq';

/** The name of the jobs of tiles; those of files have the names of their commands. */
export const TILE = 'tile';

/** Attempts of a job whose disk or network fails: with doubling delays, over about 8 minutes. */
const ATTEMPTS = 10;
const FIRST_DELAY = 1000;

/** Days that completed jobs are kept: until then, submitting a run again does not even look at their files. */
const KEPT_DAYS = 3;

/** Returns the options of a job. */
export function jobOptions(): JobsOptions {
  return {
    attempts: ATTEMPTS,
    backoff: { type: 'exponential', delay: FIRST_DELAY },
    removeOnComplete: { age: KEPT_DAYS * 24 * 3600 },
    removeOnFail: false,
    stackTraceLimit: 1,
  };
}

/** Returns the options of the job of a tile. Its part is its result, so the job is not kept. */
export function tileOptions(): JobsOptions {
  return { ...jobOptions(), lifo: true, removeOnComplete: true, failParentOnFailure: true };
}
