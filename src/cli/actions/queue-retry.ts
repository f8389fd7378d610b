import { counted } from '../../counted.js';
import { printJson } from '../batch.js';
import type { QueueArguments } from '../queue-options.js';
import { standard } from '../streams.js';
import { withQueue } from './queue-connection.js';

interface RetryArguments extends QueueArguments {
  runs: string[] | undefined;
  code: string | undefined;
  quiet: boolean;
  json: boolean;
}

/** `pixrnn queue retry`. */
export async function retryFailed({ runs = [], code, ...args }: RetryArguments): Promise<void> {
  await withQueue(args, async (queue) => {
    const retried = await queue.retry(
      ({ job, code: found }) => (runs.length === 0 || runs.includes(job.run)) && (code === undefined || code === found),
    );
    if (args.json) printJson({ retried });
    else if (!args.quiet) standard.stderr.write(`${counted(retried, 'file')} queued again\n`);
  });
}
