import { defineCommand } from '../command.js';
import { printing } from '../options.js';

export const modelsCommand = defineCommand({
  name: 'models',
  describe: 'List the models that come with pixrnn',
  positionals: {},
  options: printing,
  examples: [
    ['models', 'Names for --model, with what is known of each'],
    ['models --json', 'Ids, settings and paths, one JSON object per model'],
  ],
  work: async (args) => (await import('../actions/models.js')).listModels(args),
});
