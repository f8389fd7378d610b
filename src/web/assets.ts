/*
 * The files of the package that a page fetches. Bundlers copy a file for each `new URL` with a literal, so every file has
 * its own line.
 */

/** Where a worker finds a file of the package: a URL, or the content of the file. */
export type AssetSource = string | Uint8Array<ArrayBuffer>;

/** Files by name, as `Host.readAsset` names them; `brotli.wasm` in addition. */
export type Assets = Readonly<Record<string, AssetSource>>;

/** Returns the URLs of the files of the package, relative to this module. */
export function packageAssets(): Assets {
  const urls = {
    'engine.wasm': new URL('../engine.wasm', import.meta.url),
    'palette.wasm': new URL('../palette.wasm', import.meta.url),
    'packing.wasm': new URL('../packing.wasm', import.meta.url),
    'jpeg.wasm': new URL('../jpeg.wasm', import.meta.url),
    'brotli.wasm': new URL('./brotli.wasm.gz', import.meta.url),
    'models/photo-rgb.safetensors': new URL('../../models/photo-rgb.safetensors', import.meta.url),
    'models/photo-rgb-large.safetensors': new URL('../../models/photo-rgb-large.safetensors', import.meta.url),
    'models/photo-rgb-small.safetensors': new URL('../../models/photo-rgb-small.safetensors', import.meta.url),
    'models/photo-gray.safetensors': new URL('../../models/photo-gray.safetensors', import.meta.url),
    'models/photo-gray-small.safetensors': new URL('../../models/photo-gray-small.safetensors', import.meta.url),
    'models/pixelcnn-rgb.safetensors': new URL('../../models/pixelcnn-rgb.safetensors', import.meta.url),
    'models/pixelcnn-gray.safetensors': new URL('../../models/pixelcnn-gray.safetensors', import.meta.url),
    'models/cifar10-pixelcnn.safetensors': new URL('../../models/cifar10-pixelcnn.safetensors', import.meta.url),
    'models/cifar10-row-lstm.safetensors': new URL('../../models/cifar10-row-lstm.safetensors', import.meta.url),
    'models/cifar10-diagonal-bilstm.safetensors': new URL(
      '../../models/cifar10-diagonal-bilstm.safetensors',
      import.meta.url,
    ),
    'models/cifar10-multi-scale.safetensors': new URL('../../models/cifar10-multi-scale.safetensors', import.meta.url),
    'models/cifar10-photo.safetensors': new URL('../../models/cifar10-photo.safetensors', import.meta.url),
    'models/mnist-pixelcnn.safetensors': new URL('../../models/mnist-pixelcnn.safetensors', import.meta.url),
    'models/mnist-row-lstm.safetensors': new URL('../../models/mnist-row-lstm.safetensors', import.meta.url),
    'models/mnist-diagonal-bilstm.safetensors': new URL(
      '../../models/mnist-diagonal-bilstm.safetensors',
      import.meta.url,
    ),
    'models/cifar10-pixelcnn-logistics.safetensors': new URL(
      '../../models/cifar10-pixelcnn-logistics.safetensors',
      import.meta.url,
    ),
  };
  return Object.fromEntries(Object.entries(urls).map(([name, { href }]) => [name, href]));
}

/** Returns the URLs of the files in a directory that holds them under their names (`engine.wasm`, `models/...`). */
export function assetsIn(directory: string | URL): Assets {
  const base = new URL(directory, globalThis.location?.href);
  return Object.fromEntries(Object.keys(packageAssets()).map((name) => [name, new URL(name, base).href]));
}
