import type { CommandModule } from 'yargs';
import { datasetDownsampleCommand } from './dataset-downsample.js';
import { datasetInstallCommand } from './dataset-install.js';
import { datasetListCommand } from './dataset-list.js';

export const datasetCommand: CommandModule = {
  command: 'dataset',
  describe: 'Install, list and make data sets of images',
  builder: (yargs) =>
    yargs
      .command(datasetInstallCommand)
      .command(datasetListCommand)
      .command(datasetDownsampleCommand)
      .demandCommand(1, 1, 'There is no command of "pixrnn dataset"'),
  handler: () => undefined, // one of these does the work
};
