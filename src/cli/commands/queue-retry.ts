import { defineCommand } from '../command.js';
import { printing } from '../options.js';
import { queueing } from '../queue-options.js';

export const queueRetryCommand = defineCommand({
  name: 'queue retry',
  describe: 'Queue failed files again',
  positionals: {
    runs: {
      describe: 'Runs whose files to queue; default: all',
      value: 'RUN',
      type: 'string',
      array: true,
      coerce: (runs: (string | undefined)[]) => runs.filter((run) => run !== undefined),
    },
  },
  options: {
    code: {
      group: 'Queue',
      describe: 'Only failures with this code, as `queue failed --json` prints it',
      value: 'NAME',
      type: 'string',
      requiresArg: true,
    },
    ...queueing,
    ...printing,
  },
  examples: [
    ['queue retry --queue redis://farm:6379', 'After the cause was repaired'],
    ['queue retry --code output-exists', 'Only these failures'],
  ],
  run: async (args) => (await import('../actions/queue-retry.js')).retryFailed(args),
});
