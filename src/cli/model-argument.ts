import { existsSync } from 'node:fs';
import { PixrnnError } from '../errors.js';
import type { Model } from '../model/model.js';
import { shippedModels } from '../model/registry.js';
import { namedModel } from '../node/model-file.js';
import { escapeControls } from './messages.js';
import { didYouMean } from './suggestions.js';

/**
 * The model of --model: a shipped one's name, or a file.
 * @throws PixrnnError 'input-unreadable' where there is neither, and as `loadModel`
 */
export async function modelNamed(name: string): Promise<Model> {
  const names = shippedModels().map((model) => model.name);
  if (!names.includes(name) && !existsSync(name)) {
    const what = `cannot read the model ${escapeControls(name)}: it is neither a file nor one that comes with pixrnn.`;
    throw new PixrnnError(
      'input-unreadable',
      `${what}${didYouMean(name, names)} Run "pixrnn models" to see their names.`,
    );
  }
  return namedModel(name);
}

/** The model of an optional --model. */
export async function modelOf({ model }: { readonly model: string | undefined }): Promise<Model | undefined> {
  return model === undefined ? undefined : modelNamed(model);
}
