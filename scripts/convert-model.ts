import '#pixrnn/node/install.js';
import { writeFile } from 'node:fs/promises';
import { type Model, encodeModel, idText } from '#pixrnn/model/model.js';
import { loadModel } from '#pixrnn/node/model-file.js';

/** Writes what `change` makes of a model file, and prints its id; the arguments of the command line are IN OUT. */
export async function convertModel(change: (model: Model) => Model): Promise<void> {
  const [from, to] = process.argv.slice(2);
  if (from === undefined || to === undefined) throw new Error('Name a model file and the file to write.');
  const model = change(await loadModel(from));
  await writeFile(to, encodeModel(model));
  console.log(`${to}: ${idText(model.id)}`);
}
