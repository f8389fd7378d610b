import { fileURLToPath } from 'node:url';

/** Returns the URL of a file of the package: compiled WebAssembly in `dist/`, weights in `models/`. */
export function assetUrl(name: string): URL {
  return new URL(name.startsWith('models/') ? `../../${name}` : `../${name}`, import.meta.url);
}

/** Returns the path of a file of the package. */
export function assetPath(name: string): string {
  return fileURLToPath(assetUrl(name));
}
