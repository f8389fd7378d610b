import { PixrnnError } from '../errors.js';
import { host } from '../host/host.js';
import { type Model, decodeModel, idText } from './model.js';

/** What a file names a model by: the number of a shipped one, or the 8 bytes of another one's id. */
export type ModelReference = number | Uint8Array;

/** A model whose weights come with the package, in `models/`. */
export interface ShippedModel {
  /** What files call it by, 1 to 255. */
  readonly number: number;
  readonly name: string;
  /** The file of its weights in the package. */
  readonly asset: string;
  /** Whether it is what `compress` takes for images with this number of channels. */
  readonly defaultFor: 1 | 3 | null;
}

/** Every model that a release has shipped stays in this list under its number: its files must stay decodable. */
const SHIPPED: readonly (readonly [number: number, name: string, defaultFor: 1 | 3 | null])[] = [
  [1, 'photo-rgb', 3],
  [2, 'photo-gray', 1],
  [3, 'pixelcnn-rgb', null],
  [4, 'pixelcnn-gray', null],
  [5, 'cifar10-pixelcnn', null],
  [6, 'cifar10-row-lstm', null],
  [7, 'cifar10-diagonal-bilstm', null],
  [8, 'cifar10-multi-scale', null],
  [9, 'mnist-pixelcnn', null],
  [10, 'mnist-row-lstm', null],
  [11, 'mnist-diagonal-bilstm', null],
  [12, 'cifar10-pixelcnn-logistics', null],
];

const loaded = new Map<number, Promise<Model>>();
const numbers = new WeakMap<Model, number>();

/** The models that come with the package. */
export function shippedModels(): ShippedModel[] {
  return SHIPPED.map(([number, name, defaultFor]) => ({
    number,
    name,
    asset: `models/${name}.safetensors`,
    defaultFor,
  }));
}

/** A shipped model, whose weights are read once. */
export function loadShipped({ number, name, asset }: ShippedModel): Promise<Model> {
  let model = loaded.get(number);
  if (!model) {
    model = host()
      .readAsset(asset)
      .then((bytes) => {
        const read = decodeModel(bytes, name);
        numbers.set(read, number);
        return read;
      });
    loaded.set(number, model);
  }
  return model;
}

/** The model that images with this number of colour channels, 1 or 3, are compressed with unless another is named; read once a process. */
export async function modelFor(channels: 1 | 3): Promise<Model> {
  const found = shippedModels().find((m) => m.defaultFor === channels);
  if (!found) throw new Error(`no model for ${channels} channels`);
  return loadShipped(found);
}

/** What files name a model by: its number where it is a shipped one that came from here, else its id. */
export function referenceOf(model: Model): ModelReference {
  return numbers.get(model) ?? model.id;
}

/** The name of a shipped model, or the id of another one. */
export function referenceName(reference: ModelReference): string {
  if (typeof reference !== 'number') return idText(reference);
  return shippedModels().find(({ number }) => number === reference)?.name ?? `number ${reference}`;
}

/** The model that a file names, among the shipped ones or, by its id, also among `extra`. Throws `unknown-model`. */
export async function findModel(reference: ModelReference, extra: readonly Model[] = []): Promise<Model> {
  if (typeof reference === 'number') {
    const found = shippedModels().find(({ number }) => number === reference);
    if (found) return loadShipped(found);
    throw new PixrnnError(
      'unknown-model',
      `it was compressed with model number ${reference}, which this pixrnn does not have yet. Use a newer pixrnn.`,
    );
  }
  const wanted = idText(reference);
  const isWanted = ({ id }: Model): boolean => idText(id) === wanted;
  const found = extra.find(isWanted) ?? (await Promise.all(shippedModels().map(loadShipped))).find(isWanted);
  if (found) return found;
  const others = extra.length > 0 ? ` The model given is ${extra.map((m) => idText(m.id)).join(', ')}.` : '';
  throw new PixrnnError(
    'unknown-model',
    `it was compressed with model ${wanted}, which is not among those of this pixrnn.${others} ` +
      'Give its weights with models, or use the pixrnn that wrote the file.',
    { option: 'models' },
  );
}
