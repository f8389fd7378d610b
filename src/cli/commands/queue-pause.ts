import { defineCommand } from '../command.js';
import { printing } from '../options.js';
import { queueing } from '../queue-options.js';

export const queuePauseCommand = defineCommand({
  name: 'queue pause',
  describe: 'Stop workers from starting jobs',
  positionals: {},
  options: { ...queueing, ...printing },
  examples: [
    ['queue pause --queue redis://farm:6379', 'Active jobs are finished'],
    ['queue pause --queue-name scans', 'Another queue, of the server in PIXRNN_QUEUE'],
  ],
  run: async (args) => (await import('../actions/queue-control.js')).control('pause', args),
});
