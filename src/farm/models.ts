import { PixrnnError } from '../errors.js';
import { idText, type Model } from '../model/model.js';
import { shippedModels } from '../model/registry.js';
import { namedModel } from '../node/model-file.js';
import type { NamedModel } from './run.js';

/** Returns what jobs say about a model. */
export function modelInJobs({ name, id }: Model): NamedModel {
  return { name, id: idText(id) };
}

/**
 * Returns the model that a job names: one of those that the worker was started with, or a shipped one. The name never opens a file.
 * @throws PixrnnError 'unknown-model'
 */
export async function modelOfJob({ name, id }: NamedModel, own: readonly Model[]): Promise<Model> {
  const isIt = (model: Model): boolean => idText(model.id) === id;
  const given = own.find(isIt);
  if (given) return given;
  const shipped = shippedModels().some((model) => model.name === name) ? await namedModel(name) : null;
  if (shipped && isIt(shipped)) return shipped;
  throw new PixrnnError('unknown-model', 'no worker has its model. Start workers with --model.');
}
