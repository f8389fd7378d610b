import { defineCommand } from '../command.js';
import { printing } from '../options.js';
import { queueing } from '../queue-options.js';

export const queueDrainCommand = defineCommand({
  name: 'queue drain',
  describe: 'Remove the jobs that have not started',
  positionals: {},
  options: { ...queueing, ...printing },
  examples: [
    ['queue drain --queue redis://farm:6379', 'Keeps active, completed and failed jobs'],
    ['queue drain --queue-name scans', 'Another queue, of the server in PIXRNN_QUEUE'],
  ],
  notes: [
    'Commands that follow a run of the queue end with exit code 6. Submitting the run again queues what is left of it.',
  ],
  run: async (args) => (await import('../actions/queue-control.js')).control('drain', args),
});
