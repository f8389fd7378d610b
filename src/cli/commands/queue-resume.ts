import { defineCommand } from '../command.js';
import { printing } from '../options.js';
import { queueing } from '../queue-options.js';

export const queueResumeCommand = defineCommand({
  name: 'queue resume',
  describe: 'Let workers start jobs again',
  positionals: {},
  options: { ...queueing, ...printing },
  examples: [
    ['queue resume --queue redis://farm:6379', 'Undoes `queue pause`'],
    ['queue resume --queue-name scans', 'Another queue, of the server in PIXRNN_QUEUE'],
  ],
  run: async (args) => (await import('../actions/queue-control.js')).control('resume', args),
});
