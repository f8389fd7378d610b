import { batching, batchWriting } from '../batch-options.js';
import { defineCommand } from '../command.js';
import { coding, decoding, fileList, writing } from '../options.js';

export const repairCommand = defineCommand({
  name: 'repair',
  describe: 'Restore damaged .prnn files from their parity',
  positionals: { files: fileList('.prnn files of `compress --parity`, directories with -r; - is standard input') },
  options: {
    ...writing,
    'out-dir': batchWriting['out-dir'],
    full: {
      group: 'Checks',
      describe: 'Also decode the repaired files and compare the hash of all samples',
      type: 'boolean',
      default: false,
    },
    ...batching,
    ...decoding,
    ...coding,
  },
  examples: [
    ['repair photo.prnn', 'Writes photo.repaired.prnn'],
    ['repair photo.prnn -o sound.prnn', 'Writes sound.prnn'],
    ['repair -r small --out-dir sound', 'Writes those of small/a/*.prnn that are damaged to sound/a'],
  ],
  notes: [
    'The repaired file is the original `.prnn` file, byte for byte. Nothing is written for a sound file, except to standard output; the exit code is 0.',
    'Each block has a check. A stripe can restore as many damaged blocks as it has intact parity blocks; adjacent blocks belong to different stripes. Bytes that were inserted or removed before the end cannot be repaired.',
    'Where the damage is too large, the exit code is 4, and `decompress --salvage` writes what is left.',
  ],
  run: async (args) => (await import('../actions/repair.js')).repairFiles(args),
});
