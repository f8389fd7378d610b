import { defineCommand } from '../command.js';

/** `main` takes "help compress" for "compress --help", so this has no work of its own. */
export const helpCommand = defineCommand({
  name: 'help',
  describe: 'Show this, or the options and examples of a command',
  positionals: { command: { describe: 'A command, in one word or two', type: 'string', array: true } },
  options: {},
  examples: [
    ['help compress', 'The same as `pixrnn compress --help`'],
    ['help dataset install', 'Of a command of two words'],
  ],
  work: () => Promise.resolve(),
});
