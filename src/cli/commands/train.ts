import { defineCommand } from '../command.js';
import { directory } from '../options.js';
import { TRAIN_OPTIONS } from '../training-options.js';

export const trainCommand = defineCommand({
  name: 'train',
  describe: 'Train a model on a directory of images or a data set',
  positionals: { directory: { ...directory('Directory of images'), demandOption: false } },
  options: TRAIN_OPTIONS,
  examples: [
    ['train photos --out runs/photos', 'Trains on all images of the directory photos'],
    ['train photos --out runs/photos --resume', 'Resumes that run'],
    ['train scans --start photo-rgb --out runs/scans', "Adapts a shipped model's network"],
    ['train photos --model photo --gray --out runs/gray', "The default model's network, for gray images"],
    ['train --dataset cifar10 --out runs/cifar10', 'Trains on a data set'],
  ],
  notes: [
    'With --resume, network and training options default to those of the checkpoint. Giving a finished run more --steps, or any run ' +
      'another --rate, restarts the learning rate schedule. Every network but multi-scale can also be resumed with more ' +
      '--blocks or a wider --head, and photo with more --features: the additions contribute nothing at first.',
  ],
  run: async (args) => (await import('../actions/train.js')).runTraining(args),
});
