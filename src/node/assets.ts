import { fileURLToPath } from 'node:url';

/** Where a file of the package is: the compiled engine in `dist/`, weights in `models/`. */
export function assetUrl(name: string): URL {
  return new URL(name.startsWith('models/') ? `../../${name}` : `../${name}`, import.meta.url);
}

/** The same as a path. */
export function assetPath(name: string): string {
  return fileURLToPath(assetUrl(name));
}
