import { defineCommand } from '../command.js';
import { folder, printing, writing } from '../options.js';

export const datasetDownsampleCommand = defineCommand({
  name: 'dataset downsample',
  describe: 'Shrink images as the down-sampled ImageNet is made',
  positionals: { folder: folder('Folder of images') },
  options: {
    size: {
      group: 'Result',
      describe: 'Side of the small images in pixels',
      value: 'N',
      type: 'number',
      requiresArg: true,
      default: 32,
    },
    out: {
      group: 'Result',
      describe: 'Folder that they go to, as PNG files',
      value: 'FOLDER',
      type: 'string',
      requiresArg: true,
      demandOption: true,
    },
    force: writing.force,
    ...printing,
  },
  examples: [
    ['dataset downsample photos --out photos32', 'Then train or report on photos32'],
    ['dataset downsample ILSVRC2012/val --size 64 --out val64', 'As ImageNet of 64 x 64'],
  ],
  work: async (args) => (await import('../actions/dataset-downsample.js')).downsample(args),
});
