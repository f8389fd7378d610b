import { defineCommand } from '../command.js';
import { coding, directory, printing, writing } from '../options.js';

/** The number of 256x256 crops that the mixers of the shipped models were trained on. */
const DEFAULT_IMAGES = 40;

export const trainMixerCommand = defineCommand({
  name: 'train-mixer',
  describe: "Train the start state of a model's mixer",
  positionals: { directory: directory('Directory of images') },
  options: {
    model: {
      ...coding.model,
      group: 'Training',
      describe: 'Model: a file that `train` wrote, or the name of a shipped model',
      demandOption: true,
    },
    images: {
      group: 'Training',
      describe: 'Number of images to train on',
      value: 'N',
      type: 'number',
      requiresArg: true,
      default: DEFAULT_IMAGES,
    },
    output: {
      ...writing.output,
      describe: 'File for the model and its mixer; - is standard output',
      demandOption: true,
    },
    force: writing.force,
    ...printing,
  },
  examples: [
    ['train-mixer photos --model run/model.safetensors -o my.safetensors', 'The last step of training a model'],
    ['train-mixer scans --model photo-rgb -o scans.safetensors', 'Adapts the mixer of a shipped model'],
  ],
  run: async (args) => (await import('../actions/train-mixer.js')).runMixerTraining(args),
});
