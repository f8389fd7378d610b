import { batching } from '../batch-options.js';
import { defineCommand } from '../command.js';
import { coding, decoding, fileList, reading } from '../options.js';
import { submitting, usesQueue } from '../queue-options.js';

export const verifyCommand = defineCommand({
  name: 'verify',
  describe: 'Check .prnn files without writing anything',
  positionals: { files: fileList('.prnn files, directories with -r; - is standard input') },
  options: {
    full: {
      group: 'Checks',
      describe: 'Also decode the files and compare the hash of all samples',
      type: 'boolean',
      default: false,
    },
    against: {
      group: 'Checks',
      describe: 'Decode the files and compare them with the original, or a directory of originals',
      value: 'FILE',
      type: 'string',
      requiresArg: true,
    },
    manifest: {
      group: 'Checks',
      describe: 'Prove that the .prnn files restore every file of this list of SHA-256 sums',
      value: 'FILE',
      type: 'string',
      requiresArg: true,
    },
    ...batching,
    ...submitting,
    ...reading,
    ...decoding,
    ...coding,
  },
  examples: [
    ['verify -r small', 'Checks structure and checksums; fast'],
    ['verify --full *.prnn', 'Decodes the files and compares the hashes'],
    ['verify -r small --against photos', 'Compares small/a/b.prnn with photos/a/b.png'],
    ['verify -r small --manifest SHA256SUMS', 'Restores every original in memory and compares its SHA-256'],
  ],
  notes: [
    '--against compares all bytes of the original if the .prnn file restores them, else all samples and all metadata that compressing the original again would store.',
    '--manifest reads what compress --manifest and sha256sum write. Files are matched by their SHA-256, so directories may have moved.',
  ],
  run: async (args) =>
    usesQueue(args)
      ? (await import('../actions/queue-verify.js')).verifyOnFarm(args)
      : (await import('../actions/verify.js')).verifyFiles(args),
});
