import { fsPath } from '../batch/path-bytes.js';
import { statsOf } from '../batch/stats.js';
import { PixrnnError } from '../errors.js';
import { decodeModel, type Model } from '../model/model.js';
import { namedModel, shippedModels } from '../model/registry.js';
import { readInput } from './input.js';
import { escapeControls } from './messages.js';
import { didYouMean } from './suggestions.js';

/**
 * The model of --model: a shipped one's name, or a file.
 * @throws PixrnnError 'input-unreadable' where there is neither, and as `loadModel`
 */
export async function modelNamed(name: string): Promise<Model> {
  const names = shippedModels().map((model) => model.name);
  if (names.includes(name)) return namedModel(name);
  const stats = statsOf(name);
  if (stats === undefined) {
    const what = `cannot read the model ${escapeControls(name)}: it is neither a file nor one that comes with pixrnn.`;
    throw new PixrnnError(
      'input-unreadable',
      `${what}${didYouMean(name, names)} Run "pixrnn models" to see their names.`,
    );
  }
  // Reading a FIFO can be interrupted in readInput only, and only it takes names that are not UTF-8.
  return stats.isFIFO() || typeof fsPath(name) !== 'string'
    ? decodeModel((await readInput(name)).bytes, name)
    : namedModel(name);
}

/** The model of an optional --model. */
export async function modelOf({ model }: { readonly model: string | undefined }): Promise<Model | undefined> {
  return model === undefined ? undefined : modelNamed(model);
}
