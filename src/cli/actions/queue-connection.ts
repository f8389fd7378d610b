import { JobQueue } from '../../farm/queue/job-queue.js';
import { queueUrl } from '../../farm/queue/queue-url.js';
import { PixrnnError } from '../../errors.js';
import { DEFAULT_QUEUE_NAME, type QueueArguments } from '../queue-options.js';

/** The queue that a command line names. */
export interface NamedQueue {
  readonly url: URL;
  readonly name: string;
}

/** @throws PixrnnError 'usage' */
export function namedQueue({ queue, 'queue-name': name = DEFAULT_QUEUE_NAME }: QueueArguments): NamedQueue {
  if (!/^[\w.-]{1,100}$/.test(name)) {
    throw new PixrnnError('usage', '--queue-name must consist of letters, digits, ".", "_" and "-".');
  }
  return { url: queueUrl(queue), name };
}

/** Runs a task with the queue that a command line names, and closes it. */
export async function withQueue<T>(
  args: QueueArguments,
  task: (queue: JobQueue, named: NamedQueue) => Promise<T>,
): Promise<T> {
  const named = namedQueue(args);
  const queue = await JobQueue.connect(named.url, named.name);
  try {
    return await task(queue, named);
  } finally {
    await queue.close();
  }
}
