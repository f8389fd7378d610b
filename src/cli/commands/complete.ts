import { SIDES } from '../../sampling/limits.js';
import { defineCommand } from '../command.js';
import { fileList, limiting } from '../options.js';
import { count, drawing } from '../sampling-options.js';

export const completeCommand = defineCommand({
  name: 'complete',
  describe: 'Fill in the missing part of images with a model',
  positionals: { images: fileList('Image files of the same size; - is standard input') },
  options: {
    keep: {
      group: 'Sampling',
      describe: 'Half of the image to keep; the model fills in the other half',
      choices: SIDES,
      type: 'string',
      requiresArg: true,
    },
    mask: {
      group: 'Sampling',
      describe: 'Mask image of the same size: fill in white pixels, keep black ones',
      value: 'FILE',
      type: 'string',
      requiresArg: true,
    },
    ...drawing,
    count: count('Number of completions per image', 3),
    ...limiting,
  },
  conflicts: ['keep', 'mask'],
  examples: [
    ['complete --keep top --model pixelcnn-rgb -o rows.png *.png', 'Fills in the lower half of each image'],
    ['complete a.png --mask hole.png --model pixelcnn-rgb -o rows.png', 'Fills in the white pixels of hole.png'],
  ],
  notes: [
    'The output is a PNG file with one row per image: the masked image, the completions, the original.',
    'A model predicts each pixel from the pixels above it and to its left. Known pixels below or to the right are kept but do not ' +
      'affect the result, so --keep top looks best, and a mask may leave seams at its lower and right edges.',
  ],
  run: async (args) => (await import('../actions/complete.js')).runCompletion(args),
});
