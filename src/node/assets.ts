import { fileURLToPath } from 'node:url';

/**
 * Returns the URL of a file of the package: weights in `models/`, all others in `dist/`. This module runs in `dist/node/`
 * and, bundled, in `dist/program/`.
 */
export function assetUrl(name: string): URL {
  return new URL(name.startsWith('models/') ? `../../${name}` : `../${name}`, import.meta.url);
}

/** Returns the path of a file of the package. */
export function assetPath(name: string): string {
  return fileURLToPath(assetUrl(name));
}
