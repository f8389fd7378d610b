import { mayDo } from './capability.js';
import { Refusal } from './queue/job-worker.js';
import { type Run, runId } from './run.js';

/** Milliseconds for which jobs wait for a worker that can do them, while none is connected. */
const PATIENCE = 120_000;

/** Decides what becomes of jobs that this worker cannot do. */
export class Refusals {
  /** When no worker for a run was found first. */
  private readonly lonely = new Map<string, number>();

  constructor(
    /** Version of the format whose runs this worker does. */
    private readonly formatVersion: number,
    /** Returns the names of the connected workers. */
    private readonly workerNames: () => Promise<readonly string[]>,
    private readonly patience = PATIENCE,
  ) {}

  /** Returns a refusal, which leaves a job to other workers, or the error with which it fails if none can do it for long. */
  async refusal(run: Run, error: Error): Promise<Error> {
    const id = runId(run);
    const names = await this.workerNames();
    if (names.some((name) => mayDo(name, run, this.formatVersion))) {
      this.lonely.delete(id);
      return new Refusal(error.message);
    }
    const since = this.lonely.get(id) ?? performance.now();
    this.lonely.set(id, since);
    return performance.now() - since < this.patience ? new Refusal(error.message) : error;
  }
}
