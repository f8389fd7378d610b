/* Files of the package in the single-file program: assets of Node.js's single executable applications. */
import { getAsset } from 'node:sea';
import { Worker } from 'node:worker_threads';
import { leftOut } from './left-out.js';

/**
 * Rejects scripts for other threads, which only `pixrnn worker` and `train` have.
 * @param {string} script
 * @returns {URL}
 */
export function assetUrl(script) {
  throw leftOut(script.startsWith('farm/') ? '"pixrnn worker"' : script);
}

/**
 * @param {string} name
 */
export function assetPath(name) {
  return `${process.execPath}/${name}`;
}

/**
 * @param {string} name
 */
export function readAssetFile(name) {
  return Promise.resolve(new Uint8Array(getAsset(name)));
}

/**
 * @param {string} name
 */
export function readAssetText(name) {
  return getAsset(name, 'utf8');
}

/**
 * @param {string} script
 * @param {import('node:worker_threads').WorkerOptions} options
 */
export function startThread(script, options) {
  if (script !== 'program/engine-worker.js') assetUrl(script);
  return new Worker(getAsset(script, 'utf8'), { ...options, eval: true });
}
