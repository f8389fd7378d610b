import { readFile, stat } from 'node:fs/promises';
import { PixrnnError } from '../errors.js';
import { type Model, decodeModel } from '../model/model.js';
import { loadShipped, shippedModels } from '../model/registry.js';
import { MAX_FILE_BYTES } from '../model/safetensors.js';

/**
 * Reads a model file, as `pixrnn train` writes it. It goes by `name`.
 * @throws PixrnnError `input-unreadable` or `model-invalid`, the file named
 */
export async function loadModel(path: string, name = path): Promise<Model> {
  const unreadable = (cause: unknown): never => {
    throw new PixrnnError('input-unreadable', `cannot read the model ${path}. Check the path.`, { cause });
  };
  const { size } = await stat(path).catch(unreadable);
  if (size > MAX_FILE_BYTES) {
    throw new PixrnnError('model-invalid', `${path} has ${size} bytes, more than any model. Name another file.`);
  }
  const bytes = await readFile(path).catch(unreadable);
  try {
    return decodeModel(bytes, name);
  } catch (cause) {
    if (cause instanceof PixrnnError) throw new PixrnnError(cause.code, `${path}: ${cause.message}`, { cause });
    throw cause;
  }
}

/** The model that comes with pixrnn under this name, or else the one in the file of this name. Throws as `loadModel`. */
export async function namedModel(name: string): Promise<Model> {
  const found = shippedModels().find((m) => m.name === name);
  return found ? loadShipped(found) : loadModel(name);
}
