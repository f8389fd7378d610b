import { defineCommand } from '../command.js';
import { printing } from '../options.js';
import { queueing } from '../queue-options.js';

export const queueForgetCommand = defineCommand({
  name: 'queue forget',
  describe: 'Remove the records of finished runs',
  positionals: {
    runs: {
      describe: 'Runs to forget, as `queue status` lists them',
      value: 'RUN',
      type: 'string',
      array: true,
      coerce: (runs: (string | undefined)[]) => runs.filter((run) => run !== undefined),
    },
  },
  options: {
    older: {
      group: 'Queue',
      describe: 'Forget the finished runs that were submitted more than N days ago',
      value: 'N',
      type: 'number',
      requiresArg: true,
    },
    failed: {
      group: 'Queue',
      describe: 'Forget failed files too; otherwise their runs are kept',
      type: 'boolean',
      default: false,
    },
    ...queueing,
    ...printing,
  },
  examples: [
    ['queue forget 3f0c9d2be1a45678 --queue redis://farm:6379', 'A run that is finished'],
    ['queue forget --older 30', 'All finished runs of more than 30 days ago, for a daily job'],
  ],
  notes: ['A run is finished when the queue has no job of it left to do. Other runs are never removed.'],
  run: async (args) => (await import('../actions/queue-forget.js')).forgetRuns(args),
});
