import { batching, batchWriting } from '../batch-options.js';
import { defineCommand } from '../command.js';
import { format, FORMAT_NOTE } from '../formats.js';
import { coding, fileList, writing } from '../options.js';

export const decompressCommand = defineCommand({
  name: 'decompress',
  describe: 'Get images back: photo.prnn -> photo.png beside it',
  positionals: { files: fileList('.prnn files, folders with -r; - is standard input') },
  options: {
    ...writing,
    ...batchWriting,
    format,
    preview: {
      group: 'Result',
      describe: 'Get the small image that a multi-scale model has put in: photo.preview.png',
      type: 'boolean',
      default: false,
    },
    ...batching,
    ...coding,
  },
  examples: [
    ['decompress photo.prnn', 'Writes photo.png'],
    ['decompress photo.prnn -o photo.tiff', 'TIFF; also .webp, .ppm, .pgm, .pbm, .pam'],
    ['decompress photo.prnn -o - > copy.png', 'To standard output'],
    ['decompress --preview photo.prnn', 'Writes photo.preview.png, a part of the size'],
    ['decompress -r small --out-dir photos', 'A folder: small/a/b.prnn -> photos/a/b.png'],
    ['decompress -r small --format tiff', 'small/a/b.prnn -> small/a/b.tif'],
  ],
  notes: [
    FORMAT_NOTE,
    'For --preview the beginning of a file will do. The checksum is that of the whole image and cannot be compared then.',
  ],
  work: async (args) => (await import('../actions/decompress.js')).decompressFiles(args),
});
