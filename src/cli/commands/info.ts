import { defineCommand } from '../command.js';
import { coding, decoding, fileList } from '../options.js';
import { recursing } from '../batch-options.js';

export const infoCommand = defineCommand({
  name: 'info',
  describe: 'Show the contents of .prnn files',
  positionals: { files: fileList('.prnn files, directories with -r; - is standard input') },
  options: {
    ...recursing,
    bits: {
      group: 'Checks',
      describe: 'Also decode the image and print the bits per channel (slow)',
      type: 'boolean',
      default: false,
    },
    ...decoding,
    ...coding,
  },
  examples: [
    ['info photo.prnn', 'Size, model, tiles and bytes by purpose'],
    ['info --json *.prnn', 'The same, one JSON object per file'],
    ['info --bits photo.prnn', 'Also the bits per channel'],
  ],
  run: async (args) => (await import('../actions/info.js')).showInfo(args),
});
