import { defineCommand } from '../command.js';
import { data, printing } from '../options.js';

export const datasetListCommand = defineCommand({
  name: 'dataset list',
  describe: 'List data sets and where they are installed',
  positionals: {},
  options: { data, ...printing },
  examples: [
    ['dataset list', 'Installed data sets and their directories'],
    ['dataset list --json', 'Directories and image counts, one JSON object per data set'],
  ],
  run: async (args) => (await import('../actions/dataset-list.js')).listDatasets(args),
});
