import { defineCommand } from '../command.js';
import { coding, fileList } from '../options.js';
import { recursing } from '../batch-options.js';

export const infoCommand = defineCommand({
  name: 'info',
  describe: 'Show what is in .prnn files, without decoding them',
  positionals: { files: fileList('.prnn files, directories with -r; - is standard input') },
  options: {
    ...recursing,
    bits: {
      group: 'Checking',
      describe: 'Decode the image, too, and tell the bits of each channel (slow)',
      type: 'boolean',
      default: false,
    },
    ...coding,
  },
  examples: [
    ['info photo.prnn', 'Size, model, tiles and bytes by purpose'],
    ['info --json *.prnn', 'The same as one JSON object per file'],
    ['info --bits photo.prnn', 'And how many bits each channel takes'],
  ],
  work: async (args) => (await import('../actions/info.js')).showInfo(args),
});
