import { defineCommand } from '../command.js';
import { printing } from '../options.js';
import { queueing } from '../queue-options.js';

export const queueFailedCommand = defineCommand({
  name: 'queue failed',
  describe: 'List the files that failed, with the reasons',
  positionals: {},
  options: { ...queueing, ...printing },
  examples: [
    ['queue failed --queue redis://farm:6379', 'One line per file'],
    ['queue failed --json', 'One JSON object per file'],
  ],
  run: async (args) => (await import('../actions/queue-failed.js')).listFailed(args),
});
