import { existsSync } from 'node:fs';
import { PixrnnError } from '../errors.js';
import type { Model } from '../model/model.js';
import { shippedModels } from '../model/registry.js';
import { namedModel } from '../node/model-file.js';
import { escapeControls } from './messages.js';
import { didYouMean } from './suggestions.js';

/**
 * The model of --model: a shipped one's name, or a file.
 * @throws PixrnnError 'unknown-model' where there is neither or the file cannot be read, 'model-invalid'
 */
export async function modelNamed(name: string): Promise<Model> {
  const names = shippedModels().map((model) => model.name);
  if (!names.includes(name) && !existsSync(name)) {
    const what = `cannot read the model ${escapeControls(name)}: it is neither a file nor one that comes with pixrnn.`;
    throw new PixrnnError('unknown-model', `${what}${didYouMean(name, names)} Run "pixrnn models" to see their names.`);
  }
  return namedModel(name).catch((error: unknown) => {
    if (!(error instanceof PixrnnError) || error.code !== 'input-unreadable') throw error;
    throw new PixrnnError('unknown-model', error.message, { cause: error });
  });
}

/** The model of an optional --model. */
export async function modelOf({ model }: { readonly model: string | undefined }): Promise<Model | undefined> {
  return model === undefined ? undefined : modelNamed(model);
}
