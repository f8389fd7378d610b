import { defineCommand } from '../command.js';
import { printing } from '../options.js';

export const modelsCommand = defineCommand({
  name: 'models',
  describe: 'List the models shipped with pixrnn',
  positionals: {},
  options: printing,
  examples: [
    ['models', 'Names for --model, settings and results'],
    ['models --json', 'Ids, settings and paths, one JSON object per model'],
  ],
  run: async (args) => (await import('../actions/models.js')).listModels(args),
});
