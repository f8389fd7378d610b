import { batching } from '../batch-options.js';
import { defineCommand } from '../command.js';
import { coding, fileList, reading } from '../options.js';

export const verifyCommand = defineCommand({
  name: 'verify',
  describe: 'Check .prnn files, without writing anything',
  positionals: { files: fileList('.prnn files, folders with -r; - is standard input') },
  options: {
    full: {
      group: 'Checking',
      describe: 'Decode them, too, and compare the hash of all samples',
      type: 'boolean',
      default: false,
    },
    against: {
      group: 'Checking',
      describe: 'Decode them and compare with the original, or with those in a folder',
      value: 'FILE',
      type: 'string',
      requiresArg: true,
    },
    ...batching,
    ...reading,
    ...coding,
  },
  examples: [
    ['verify -r small', 'Structure and check sums, in a moment'],
    ['verify --full *.prnn', 'Do they decode to what was compressed?'],
    ['verify -r small --against photos', 'small/a/b.prnn against photos/a/b.png'],
  ],
  notes: ['--against compares all samples and the metadata that the original would bring in today.'],
  work: async (args) => (await import('../actions/verify.js')).verifyFiles(args),
});
