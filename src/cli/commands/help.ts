import { defineCommand } from '../command.js';

/** Only describes the command: `main` treats "help compress" as "compress --help". */
export const helpCommand = defineCommand({
  name: 'help',
  describe: 'Show this help, or that of a command',
  positionals: { command: { describe: 'Command, one or two words', type: 'string', array: true } },
  options: {},
  examples: [
    ['help compress', 'The same as `pixrnn compress --help`'],
    ['help dataset install', 'A command of two words'],
  ],
  run: () => Promise.resolve(),
});
