import { DEFAULT_EFFORT, type Effort } from '../effort.js';
import { PixrnnError } from '../errors.js';
import { host } from '../host/host.js';
import { type Model, decodeModel, idText } from './model.js';

/** Reference to a model in a file: the number of a shipped one, or the 8-byte id of any other. */
export type ModelReference = number | Uint8Array;

/** What `compress` uses a model for by default. */
export interface DefaultUse {
  /** Number of colour channels of the images. */
  readonly channels: 1 | 3;
  readonly efforts: readonly Effort[];
}

/** A model whose weights are shipped with the package, in `models/`. */
export interface ShippedModel {
  /** Its number in files, 1 to 255. */
  readonly number: number;
  readonly name: string;
  /** The weights' file in the package. */
  readonly asset: string;
  /** Null if it is used only on request. */
  readonly defaultFor: DefaultUse | null;
}

/**
 * All models of all releases. Never remove one or change its weights, which models/released.json pins: the files that
 * use it must stay decodable.
 */
const SHIPPED: readonly (readonly [number: number, name: string, defaultFor: DefaultUse | null])[] = [
  [1, 'photo-rgb', { channels: 3, efforts: [3] }],
  [2, 'photo-gray', { channels: 1, efforts: [3, 4] }],
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
  [13, 'photo-rgb-small', { channels: 3, efforts: [1, 2] }],
  [14, 'photo-gray-small', { channels: 1, efforts: [1, 2] }],
  [15, 'photo-rgb-large', { channels: 3, efforts: [4] }],
  [16, 'cifar10-photo', null],
];

const loaded = new Map<number, Promise<Model>>();
const numbers = new WeakMap<Model, number>();

/** Returns the shipped models. */
export function shippedModels(): ShippedModel[] {
  return SHIPPED.map(([number, name, defaultFor]) => ({
    number,
    name,
    asset: `models/${name}.safetensors`,
    defaultFor,
  }));
}

/** Loads a shipped model; its weights are read once. */
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

/** Loads the default model for images with this number of colour channels, 1 or 3, at an effort; it is read once per process. */
export async function modelFor(channels: 1 | 3, effort: Effort = DEFAULT_EFFORT): Promise<Model> {
  const found = shippedModels().find(
    ({ defaultFor }) => defaultFor?.channels === channels && defaultFor.efforts.includes(effort),
  );
  if (!found) throw new Error(`no model for ${channels} channels at effort ${effort}`);
  return loadShipped(found);
}

/** Returns the reference to a model: its number if it was loaded from the shipped ones, else its id. */
export function referenceOf(model: Model): ModelReference {
  return numbers.get(model) ?? model.id;
}

/** Returns the name of a shipped model, or the id of another one. */
export function referenceName(reference: ModelReference): string {
  if (typeof reference !== 'number') return idText(reference);
  return shippedModels().find(({ number }) => number === reference)?.name ?? `number ${reference}`;
}

/** Finds the model that a file references, among the shipped ones or, by id, in `extra`. Throws `unknown-model`. */
export async function findModel(reference: ModelReference, extra: readonly Model[] = []): Promise<Model> {
  if (typeof reference === 'number') {
    const found = shippedModels().find(({ number }) => number === reference);
    if (found) return loadShipped(found);
    throw new PixrnnError(
      'unknown-model',
      `it was compressed with model number ${reference}, which this pixrnn does not have. Use a newer pixrnn.`,
    );
  }
  const wanted = idText(reference);
  const isWanted = ({ id }: Model): boolean => idText(id) === wanted;
  const found = extra.find(isWanted) ?? (await Promise.all(shippedModels().map(loadShipped))).find(isWanted);
  if (found) return found;
  const others = extra.length > 0 ? ` The models given are ${extra.map((m) => idText(m.id)).join(', ')}.` : '';
  throw new PixrnnError(
    'unknown-model',
    `it was compressed with model ${wanted}, which is not shipped with pixrnn.${others} ` +
      'Pass its weights with models, or use the pixrnn that wrote the file.',
    { option: 'models' },
  );
}
