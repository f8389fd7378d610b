import { fileURLToPath } from 'node:url';
import { PixrnnError } from '../errors.js';
import { type Model, idText, loadModel } from './model.js';

/** A model whose weights come with the package, in `models/`. */
export interface ShippedModel {
  readonly name: string;
  readonly path: string;
  /** Whether it is what `compress` takes for images with this number of channels. */
  readonly defaultFor: 1 | 3 | null;
}

/** Every model that a release has shipped stays in this list: its files must stay decodable. */
const SHIPPED: readonly (readonly [name: string, defaultFor: 1 | 3 | null])[] = [
  ['photo-rgb', 3],
  ['photo-gray', 1],
  ['pixelcnn-rgb', null],
  ['pixelcnn-gray', null],
];

const loaded = new Map<string, Promise<Model>>();

export function shippedModels(): ShippedModel[] {
  return SHIPPED.map(([name, defaultFor]) => ({
    name,
    path: fileURLToPath(new URL(`../../models/${name}.safetensors`, import.meta.url)),
    defaultFor,
  }));
}

/** A shipped model's weights, read once a process. */
function shipped({ name, path }: ShippedModel): Promise<Model> {
  let model = loaded.get(name);
  if (!model) {
    model = loadModel(path, name);
    loaded.set(name, model);
  }
  return model;
}

/** The model that comes with pixrnn under this name, or else the one in the file of this name. Throws as `loadModel`. */
export async function namedModel(name: string): Promise<Model> {
  const found = shippedModels().find((m) => m.name === name);
  return found ? shipped(found) : loadModel(name);
}

/** The model that images with this number of channels are compressed with unless another is named. */
export async function modelFor(channels: 1 | 3): Promise<Model> {
  const found = shippedModels().find((m) => m.defaultFor === channels);
  if (!found) throw new Error(`no model for ${channels} channels`);
  return shipped(found);
}

/** The model of an id among `extra` and the shipped ones. Throws `unknown-model`. */
export async function findModel(id: Uint8Array, extra: readonly Model[] = []): Promise<Model> {
  const wanted = idText(id);
  for (const model of extra) if (idText(model.id) === wanted) return model;
  for (const entry of shippedModels()) {
    const model = await shipped(entry);
    if (idText(model.id) === wanted) return model;
  }
  const others = extra.length > 0 ? ` The model given is ${extra.map((m) => idText(m.id)).join(', ')}.` : '';
  throw new PixrnnError(
    'unknown-model',
    `it was compressed with model ${wanted}, which is not among those of this pixrnn.${others} ` +
      'Name its weights with --model, or use the pixrnn that wrote the file.',
  );
}
