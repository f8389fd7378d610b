import { defineCommand } from '../command.js';
import { data, printing } from '../options.js';

export const datasetListCommand = defineCommand({
  name: 'dataset list',
  describe: 'List the data sets that there are, and where',
  positionals: {},
  options: { data, ...printing },
  examples: [
    ['dataset list', 'Which are installed, and in which folder'],
    ['dataset list --json', 'Folders and numbers of images, one JSON object per data set'],
  ],
  work: async (args) => (await import('../actions/dataset-list.js')).listDatasets(args),
});
