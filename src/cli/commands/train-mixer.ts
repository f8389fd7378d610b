import { defineCommand } from '../command.js';
import { coding, folder, printing, writing } from '../options.js';

/** As many 256x256 crops as the mixers of the shipped models were trained on. */
const DEFAULT_IMAGES = 40;

export const trainMixerCommand = defineCommand({
  name: 'train-mixer',
  describe: "Train a start state for a model's mixer",
  positionals: { folder: folder('Folder of images') },
  options: {
    model: {
      ...coding.model,
      group: 'Training',
      describe: 'The model: a file that `train` wrote, or the name of a shipped one',
      demandOption: true,
    },
    images: {
      group: 'Training',
      describe: 'How many images to take',
      value: 'N',
      type: 'number',
      requiresArg: true,
      default: DEFAULT_IMAGES,
    },
    output: {
      ...writing.output,
      describe: 'Where the model with its mixer goes; - is standard output',
      demandOption: true,
    },
    force: writing.force,
    ...printing,
  },
  examples: [
    ['train-mixer photos --model run/model.safetensors -o my.safetensors', 'The last step of training'],
    ['train-mixer scans --model photo-rgb -o scans.safetensors', 'A shipped model, with a start for other images'],
  ],
  work: async (args) => (await import('../actions/train-mixer.js')).runMixerTraining(args),
});
