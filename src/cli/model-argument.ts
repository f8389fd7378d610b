import { shellWord } from '../node/path-text.js';
import { fsPath } from '../batch/path-bytes.js';
import { statsOf } from '../batch/stats.js';
import { PixrnnError } from '../errors.js';
import { decodeModel, type Model } from '../model/model.js';
import { shippedModels } from '../model/registry.js';
import { namedModel } from '../node/model-file.js';
import { readInput } from './input.js';
import { didYouMean } from './suggestions.js';

/**
 * Loads the model of --model, a shipped model's name or a file.
 * @throws PixrnnError 'unknown-model' if there is no such model or the file cannot be read, 'model-invalid'
 */
export async function modelNamed(name: string): Promise<Model> {
  const names = shippedModels().map((model) => model.name);
  if (names.includes(name)) return namedModel(name);
  const stats = statsOf(name);
  if (stats === undefined) {
    const what = `model ${shellWord(name)} not found: it is neither a file nor a shipped model.`;
    throw new PixrnnError('unknown-model', `${what}${didYouMean(name, names)} Run "pixrnn models" for a list.`);
  }
  try {
    // Only readInput can be interrupted while it reads a FIFO, and accepts names that are not UTF-8.
    return stats.isFIFO() || typeof fsPath(name) !== 'string'
      ? decodeModel((await readInput(name)).bytes, name)
      : await namedModel(name);
  } catch (error) {
    if (!(error instanceof PixrnnError) || error.code !== 'input-unreadable') throw error;
    throw new PixrnnError('unknown-model', error.message, { cause: error });
  }
}

/** Loads the model of --model, if given. */
export async function modelOf({ model }: { readonly model: string | undefined }): Promise<Model | undefined> {
  return model === undefined ? undefined : modelNamed(model);
}
