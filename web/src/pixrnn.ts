import { Codec } from '#pixrnn/web/index.js';

/* The codec of the page. The site holds the package's files compressed, next to the page. */

const FILES = ['engine.wasm', 'palette.wasm', 'packing.wasm', 'jpeg.wasm', 'brotli.wasm'];

/** The models that the site includes. */
const MODELS = [
  'photo-rgb',
  'photo-rgb-large',
  'photo-rgb-small',
  'photo-gray',
  'photo-gray-small',
  'pixelcnn-rgb',
  'pixelcnn-gray',
  'cifar10-pixelcnn',
  'cifar10-row-lstm',
  'cifar10-diagonal-bilstm',
  'cifar10-multi-scale',
  'cifar10-pixelcnn-logistics',
  'cifar10-photo',
  'mnist-pixelcnn',
  'mnist-row-lstm',
  'mnist-diagonal-bilstm',
] as const;

const names = [...FILES, ...MODELS.map((name) => `models/${name}.safetensors`)];

/** Whether the page is one file that opens without a server (pixrnn-one-file.ts). */
export const IS_ONE_FILE = false;

export const codec = new Codec({
  worker: new URL('worker.js', document.baseURI),
  assets: Object.fromEntries(names.map((name) => [name, new URL(`${name}.gz`, document.baseURI).href])),
});
