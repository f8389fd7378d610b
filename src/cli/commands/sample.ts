import { defineCommand } from '../command.js';
import { count, drawing } from '../sampling-options.js';

export const sampleCommand = defineCommand({
  name: 'sample',
  describe: 'Draw images from a model',
  positionals: {},
  options: {
    ...drawing,
    count: count('Number of images', 64),
    size: {
      group: 'Sampling',
      describe: 'Width and height of an image in pixels, such as 32x32',
      value: 'WxH',
      type: 'string',
      requiresArg: true,
      defaultDescription: 'the size of the training crops',
    },
    columns: {
      group: 'Sampling',
      describe: 'Images per row of the grid',
      value: 'N',
      type: 'number',
      requiresArg: true,
      default: 8,
    },
  },
  examples: [
    ['sample --model pixelcnn-rgb -o grid.png', '64 images as one PNG file'],
    ['sample --model pixelcnn-rgb -o few.png --size 64x64 --count 4 --seed 7', 'Four larger images'],
    ['sample --model mnist-diagonal-bilstm -o digits.png', 'Digits'],
  ],
  run: async (args) => (await import('../actions/sample.js')).runSampling(args),
});
