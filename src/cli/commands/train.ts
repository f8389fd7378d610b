import type { CommandModule } from 'yargs';
import { PixrnnError } from '../../errors.js';

export const trainCommand: CommandModule = {
  command: 'train',
  describe: 'Train a model',
  handler: () => {
    throw new PixrnnError('usage', 'training is not available yet.');
  },
};
