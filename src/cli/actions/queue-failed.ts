import { escapeControls } from '../../node/path-text.js';
import { printJson } from '../batch.js';
import { displayName } from '../messages.js';
import type { QueueArguments } from '../queue-options.js';
import { standard } from '../streams.js';
import { withQueue } from './queue-connection.js';

/** `pixrnn queue failed`. */
export async function listFailed(args: QueueArguments & { readonly json: boolean }): Promise<void> {
  await withQueue(args, async (queue) => {
    for await (const { job, code, message, attempts } of queue.failed()) {
      if (args.json) printJson({ run: job.run, file: job.file, code, message, attempts });
      else standard.stdout.write(`${job.run}  ${displayName(job.file)}: ${code}: ${escapeControls(message)}\n`);
    }
  });
}
