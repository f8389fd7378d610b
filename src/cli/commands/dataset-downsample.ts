import { defineCommand } from '../command.js';
import { directory, printing, writing } from '../options.js';

export const datasetDownsampleCommand = defineCommand({
  name: 'dataset downsample',
  describe: 'Downsample images, as for ImageNet 32 x 32',
  positionals: { directory: directory('Directory of images') },
  options: {
    size: {
      group: 'Output',
      describe: 'Width and height of the small images, in pixels',
      value: 'N',
      type: 'number',
      requiresArg: true,
      default: 32,
    },
    out: {
      group: 'Output',
      describe: 'Directory for the small images (PNG)',
      value: 'DIR',
      type: 'string',
      requiresArg: true,
      demandOption: true,
    },
    force: writing.force,
    ...printing,
  },
  examples: [
    ['dataset downsample photos --out photos32', 'Then use photos32 to train or report'],
    ['dataset downsample ILSVRC2012/val --size 64 --out val64', 'ImageNet 64 x 64'],
  ],
  run: async (args) => (await import('../actions/dataset-downsample.js')).downsample(args),
});
