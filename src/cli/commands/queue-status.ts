import { defineCommand } from '../command.js';
import { printing } from '../options.js';
import { queueing } from '../queue-options.js';

export const queueStatusCommand = defineCommand({
  name: 'queue status',
  describe: 'Show the runs, workers and jobs of a queue',
  positionals: {},
  options: { ...queueing, ...printing },
  examples: [
    ['queue status --queue redis://farm:6379', 'Counts by state, runs, workers'],
    ['queue status --json', 'The same as one JSON object, of the queue in PIXRNN_QUEUE'],
  ],
  run: async (args) => (await import('../actions/queue-control.js')).control('status', args),
});
