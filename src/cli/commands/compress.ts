import { batching, batchWriting } from '../batch-options.js';
import { defineCommand } from '../command.js';
import { coding, fileList, likelihood, noOrigin, reading, writing } from '../options.js';
import { submitting, usesQueue } from '../queue-options.js';

export const compressCommand = defineCommand({
  name: 'compress',
  describe: 'Compress images: photo.png -> photo.prnn',
  positionals: {
    images: fileList('JPEG, PNG, TIFF, WebP, BMP, PNM or GIF files, directories with -r; - is standard input'),
  },
  options: {
    ...writing,
    ...batchWriting,
    exact: {
      group: 'Output',
      describe: 'Restore the file byte for byte at any cost (default: up to 200 bytes or 1 %)',
      type: 'boolean',
    },
    pixels: {
      group: 'Output',
      describe: 'Restore only samples and metadata, in a new file',
      type: 'boolean',
    },
    preview: {
      group: 'Output',
      describe: 'Embed a small lossy picture for viewers, at most 3,000 bytes or 1 %',
      type: 'boolean',
      default: false,
    },
    parity: {
      group: 'Output',
      describe: 'Add N % of parity, 1 to 50, and its checks, from which `repair` restores damage',
      value: 'N',
      type: 'number',
      requiresArg: true,
    },
    manifest: {
      group: 'Checks',
      describe: 'Append the SHA-256 of each original to this file, as sha256sum writes it',
      value: 'FILE',
      type: 'string',
      requiresArg: true,
    },
    'no-origin': noOrigin,
    'no-verify': {
      group: 'Checks',
      describe: 'Do not decode and compare the output; halves the CPU time',
      type: 'boolean',
      default: false,
    },
    ...batching,
    ...submitting,
    ...reading,
    ...likelihood,
    ...coding,
  },
  conflicts: ['exact', 'pixels'],
  examples: [
    ['compress photo.jpg', 'Writes photo.prnn'],
    ['compress -e 1 photo.png', "A fifth of the default's CPU time; files are 9 % larger"],
    ['compress -f -t 2 *.png', 'Several files, replacing existing outputs'],
    ['compress -r photos --out-dir small', 'photos/a/b.png -> small/a/b.prnn'],
    ['compress -r photos --skip-existing', 'Resumes an interrupted run'],
    ['compress -r photos --manifest SHA256SUMS', 'Then: pixrnn verify -r photos --manifest SHA256SUMS'],
  ],
  notes: [
    '--parity makes files larger by its percentage and by checks: --parity 5 adds 5.7 % to 10 MB, 6.5 % to 1 MB, 8 % to 100 kB, 13 % to 10 kB and 30 % to 1 kB. See `pixrnn repair --help`.',
    'With --queue, workers on any number of machines process the files of one directory or S3 URL, see `pixrnn worker --help`.',
  ],
  run: async (args) =>
    usesQueue(args)
      ? (await import('../actions/queue-compress.js')).compressOnFarm(args)
      : (await import('../actions/compress.js')).compressFiles(args),
});
