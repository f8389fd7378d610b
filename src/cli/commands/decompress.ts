import { batching, batchWriting } from '../batch-options.js';
import { defineCommand } from '../command.js';
import { format, FORMAT_NOTE } from '../formats.js';
import { coding, decoding, fileList, writing } from '../options.js';
import { submitting, usesQueue } from '../queue-options.js';

export const decompressCommand = defineCommand({
  name: 'decompress',
  describe: 'Restore images: photo.prnn -> photo.png',
  positionals: { files: fileList('.prnn files, directories with -r; - is standard input') },
  options: {
    ...writing,
    ...batchWriting,
    format,
    preview: {
      group: 'Output',
      describe: 'Write only the embedded picture or smallest scale: photo.preview.png',
      type: 'boolean',
      default: false,
    },
    salvage: {
      group: 'Output',
      describe: 'Write the undamaged parts of damaged files: photo.salvaged.png',
      type: 'boolean',
      default: false,
    },
    ...batching,
    ...submitting,
    ...decoding,
    ...coding,
  },
  examples: [
    ['decompress photo.prnn', 'Writes photo.png'],
    ['decompress photo.prnn -o photo.tiff', 'TIFF; also .webp, .ppm, .pgm, .pbm, .pam'],
    ['decompress photo.prnn -o - > copy.png', 'To standard output'],
    ['decompress --preview photo.prnn', 'Writes photo.preview.png, a small version'],
    ['decompress --salvage photo.prnn', 'Writes photo.salvaged.png of a damaged file'],
    ['decompress -r small --out-dir photos', 'small/a/b.prnn -> photos/a/b.png'],
  ],
  notes: [
    FORMAT_NOTE,
    '--salvage prints the rectangles that are lost and fills them with gray squares. If anything is lost, the exit code is 4.',
    '--preview needs a file of `compress --preview` or of a multi-scale model, which may be truncated. It does not verify the image.',
  ],
  run: async (args) =>
    usesQueue(args)
      ? (await import('../actions/queue-decompress.js')).decompressOnFarm(args)
      : (await import('../actions/decompress.js')).decompressFiles(args),
});
