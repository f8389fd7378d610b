import { defineCommand } from '../command.js';
import { folder } from '../options.js';
import { TRAIN_OPTIONS } from '../training-options.js';

export const trainCommand = defineCommand({
  name: 'train',
  describe: 'Train a model on a folder of images or a data set',
  positionals: { folder: { ...folder('Folder of images'), demandOption: false } },
  options: TRAIN_OPTIONS,
  examples: [
    ['train photos --out runs/photos', 'Train on all images of the folder photos'],
    ['train photos --out runs/photos --resume', 'Go on with it'],
    ['train photos --model photo --gray --out runs/gray', "The default model's network, for gray images"],
    ['train --dataset cifar10 --out runs/cifar10', 'Train on a data set'],
  ],
  notes: [
    'Options of the network and of training that are not given are those of the checkpoint with --resume. A finished run that gets more ' +
      "--steps, and any that gets another --rate, lets the rate rise and fall again. A run of one of the paper's networks may also get " +
      'more --blocks or a wider --head: the new layers begin with adding nothing.',
  ],
  work: async (args) => (await import('../actions/train.js')).runTraining(args),
});
