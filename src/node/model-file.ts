import { readFile, stat } from 'node:fs/promises';
import { shellWord } from './path-text.js';
import { PixrnnError } from '../errors.js';
import { type Model, decodeModel } from '../model/model.js';
import { loadShipped, shippedModels } from '../model/registry.js';
import { MAX_FILE_BYTES } from '../model/safetensors.js';

/**
 * Reads a model file, as written by `pixrnn train`. `name` becomes the model's name.
 * @throws PixrnnError `input-unreadable` or `model-invalid`; the message names the file
 */
export async function loadModel(path: string, name = path): Promise<Model> {
  const unreadable = (cause: unknown): never => {
    throw new PixrnnError('input-unreadable', `cannot read the model ${shellWord(path)}. Check the path.`, { cause });
  };
  const { size } = await stat(path).catch(unreadable);
  if (size > MAX_FILE_BYTES) {
    throw new PixrnnError(
      'model-invalid',
      `${shellWord(path)} has ${size} bytes, more than any model. Use another file.`,
    );
  }
  const bytes = await readFile(path).catch(unreadable);
  try {
    return decodeModel(bytes, name);
  } catch (cause) {
    if (cause instanceof PixrnnError)
      throw new PixrnnError(cause.code, `${shellWord(path)}: ${cause.message}`, { cause });
    throw cause;
  }
}

/** Returns the shipped model of this name, or else reads the model file at this path. Throws like `loadModel`. */
export async function namedModel(name: string): Promise<Model> {
  const found = shippedModels().find((m) => m.name === name);
  return found ? loadShipped(found) : loadModel(name);
}
