import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/*
 * Files of the package: weights in `models/`, all others in `dist/`. This module runs in `dist/node/` and, bundled, in
 * `dist/program/`; the single-file program has another one, `scripts/binary/assets.js`.
 */

/** Returns the URL of a file. */
export function assetUrl(name: string): URL {
  return new URL(name.startsWith('models/') ? `../../${name}` : `../${name}`, import.meta.url);
}

/** Returns the path of a file, for messages. */
export function assetPath(name: string): string {
  return fileURLToPath(assetUrl(name));
}

export async function readAssetFile(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(assetUrl(name)));
}

export function readAssetText(name: string): string {
  return readFileSync(assetUrl(name), 'utf8');
}

/** Starts a thread that runs a script of `dist/`. */
export function startThread(script: string, options: WorkerOptions): Worker {
  return new Worker(assetUrl(script), options);
}
