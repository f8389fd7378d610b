import type { IQueueBackend, QueueEvents } from 'bullmq';
import type { FileOutcome } from '../jobs.js';
import { connect, type Connection } from './connection.js';
import { type Failure, failureOf } from './failures.js';

/** Receives what happens to jobs. Events may be lost, for example when the server restarts. */
export interface JobListener {
  readonly onCompleted: (id: string, outcome: FileOutcome) => void;
  readonly onFailed: (id: string, failure: Failure) => void;
}

/** Listens to the events of a queue. */
export class JobEvents {
  private constructor(
    private readonly connection: Connection,
    private readonly events: QueueEvents<object, IQueueBackend>,
  ) {}

  static async listen(url: URL, name: string, { onCompleted, onFailed }: JobListener): Promise<JobEvents> {
    const connection = await connect(url);
    const { bullmq, options, backend } = connection;
    const events = new bullmq.QueueEvents<object, IQueueBackend>(name, options, backend);
    events.on('error', () => undefined);
    events.on('completed', ({ jobId, returnvalue }) => onCompleted(jobId, returnvalue as unknown as FileOutcome));
    events.on('failed', ({ jobId, failedReason }) => onFailed(jobId, failureOf(failedReason)));
    await events.waitUntilReady();
    return new JobEvents(connection, events);
  }

  async close(): Promise<void> {
    await this.events.close().catch(() => undefined);
    this.connection.close();
  }
}
