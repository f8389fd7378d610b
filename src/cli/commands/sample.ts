import { defineCommand } from '../command.js';
import { count, drawing } from '../sampling-options.js';

export const sampleCommand = defineCommand({
  name: 'sample',
  describe: 'Draw images from a model',
  positionals: {},
  options: {
    ...drawing,
    count: count('How many images', 64),
    size: {
      group: 'Drawing',
      describe: 'Width x height of an image, as 32x32',
      value: 'WxH',
      type: 'string',
      requiresArg: true,
      defaultDescription: 'that of the crops the model has learned from',
    },
    columns: {
      group: 'Drawing',
      describe: 'Images in a row of the grid',
      value: 'N',
      type: 'number',
      requiresArg: true,
      default: 8,
    },
  },
  examples: [
    ['sample --model pixelcnn-rgb -o grid.png', '64 images as one PNG file'],
    ['sample --model pixelcnn-rgb -o few.png --size 64x64 --count 4 --seed 7', 'Four larger ones'],
    ['sample --model mnist-diagonal-bilstm -o digits.png', 'Digits by another model'],
  ],
  work: async (args) => (await import('../actions/sample.js')).runSampling(args),
});
