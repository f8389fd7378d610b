import { shellWord } from '../../node/path-text.js';
import { dataFolder } from '../../datasets/data-folder.js';
import { type DatasetName, datasetSource } from '../../datasets/dataset.js';
import { installDataset } from '../../datasets/install.js';
import { printJson } from '../batch.js';
import { standard } from '../streams.js';

interface InstallArguments {
  name: DatasetName;
  data: string | undefined;
  quiet: boolean;
  json: boolean;
}

/** `pixrnn dataset install`. */
export async function installNamed({ name, data: given, quiet, json }: InstallArguments): Promise<void> {
  const say = (line: string): void => void (quiet || standard.stderr.write(`${line}\n`));
  const source = datasetSource(name);
  const { folder, fetched } = await installDataset(source, dataFolder(given), { onStep: say });
  const found = await source.find(dataFolder(given));
  if (json) printJson({ name, title: found?.title, note: found?.note, folder, fetched });
  say(`${found?.title ?? name} ${fetched ? 'installed' : 'is already installed'} in ${shellWord(folder)}`);
  if (found?.note) say(found.note);
}
