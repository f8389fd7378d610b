import { SIDES } from '../../sampling/limits.js';
import { defineCommand } from '../command.js';
import { fileList, limiting } from '../options.js';
import { count, drawing } from '../sampling-options.js';

export const completeCommand = defineCommand({
  name: 'complete',
  describe: 'Let a model fill in the missing part of images',
  positionals: { images: fileList('Image files, all of one size; - is standard input') },
  options: {
    keep: {
      group: 'Drawing',
      describe: 'The half that is known; the other one is filled in',
      choices: SIDES,
      type: 'string',
      requiresArg: true,
    },
    mask: {
      group: 'Drawing',
      describe: 'An image of the same size: white is to be filled in, black is known',
      value: 'FILE',
      type: 'string',
      requiresArg: true,
    },
    ...drawing,
    count: count('How many completions of each image', 3),
    ...limiting,
  },
  conflicts: ['keep', 'mask'],
  examples: [
    ['complete --keep top --model pixelcnn-rgb -o rows.png *.png', 'Fills in the lower halves'],
    ['complete a.png --mask hole.png --model pixelcnn-rgb -o rows.png', 'Fills in what is white in hole.png'],
  ],
  notes: [
    'The result is a PNG file with a row for each image: the image without what is to be filled in, the completions, the image as it was.',
    'A model draws a pixel given those before it, in the rows above and at its left: known pixels below or at the right stay as they are ' +
      'and have no influence. So --keep top looks best, and a mask may leave seams at its lower and right edges.',
  ],
  work: async (args) => (await import('../actions/complete.js')).runCompletion(args),
});
