import { defineCommand } from '../command.js';
import { decoding, limiting, printing, restoreStream, writing } from '../options.js';

export const thumbnailCommand = defineCommand({
  name: 'thumbnail',
  describe: 'Write a small PNG picture of a .prnn file',
  positionals: {
    file: {
      describe: '.prnn file; - is standard input',
      value: 'FILE',
      type: 'string',
      demandOption: true,
      coerce: restoreStream<string>,
    },
  },
  options: {
    ...writing,
    size: {
      group: 'Output',
      describe: 'Maximum width and height in pixels, 1 to 1024',
      value: 'N',
      type: 'number',
      requiresArg: true,
      default: 256,
    },
    ...limiting,
    'max-seconds': {
      ...decoding['max-seconds'],
      describe: 'Do not decode the image if that needs more CPU seconds, estimated',
      default: 20,
      defaultDescription: '20',
    },
    quiet: printing.quiet,
  },
  examples: [
    ['thumbnail photo.prnn', 'Writes photo.thumbnail.png'],
    ['thumbnail --size 128 -o small.png photo.prnn', 'At most 128 pixels wide and high'],
  ],
  notes: [
    'Uses the embedded preview (`compress --preview`). Without one the image is decoded, if that needs at most --max-seconds. ' +
      'scripts/install-desktop.sh registers this command with file managers.',
  ],
  run: async (args) => (await import('../actions/thumbnail.js')).writeThumbnail(args),
});
