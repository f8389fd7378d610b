import { hexText } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import type { Host } from '../host/host.js';
import { portableSha256 } from '../host/portable.js';
import type { AssetSource, Assets } from './assets.js';
import { joinFloats } from './float-planes.js';
import { pipe } from './pipe.js';
import { WEIGHT_HASHES } from './weight-hashes.js';

/* Reads the files of the package in a page or worker. Weights are checked by hash and kept in the Cache API. */

const CACHE = 'pixrnn-weights';
/** Milliseconds to wait for the cache. */
const CACHE_PATIENCE = 5000;
/** The first bytes of a gzip file; a page may serve its files compressed, and weights with `splitFloats` before that. */
const GZIP = [0x1f, 0x8b];

/** Returns a function that reads the files of the package, and keeps those that are not weights. */
export function assetReader(assets: Assets): Host['readAsset'] {
  const kept = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  return (name) => {
    if (name in WEIGHT_HASHES) return readAsset(assets, name);
    const file = kept.get(name) ?? readAsset(assets, name);
    kept.set(name, file);
    file.catch(() => kept.delete(name));
    return file;
  };
}

/**
 * Returns a file of the package.
 * @throws PixrnnError `input-unreadable` if it cannot be fetched or does not have its hash
 */
async function readAsset(assets: Assets, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const source = assets[name];
  if (source === undefined) throw unreadable(name, 'this page does not include it');
  const hash = WEIGHT_HASHES[name];
  return hash === undefined ? load(name, source) : loadWeights(name, source, hash);
}

async function loadWeights(name: string, source: AssetSource, hash: string): Promise<Uint8Array<ArrayBuffer>> {
  const isFetched = typeof source === 'string';
  const kept = isFetched ? await inTime(readKept(hash)) : null;
  if (kept && hashOf(kept) === hash) return kept;
  const bytes = await load(name, source);
  if (hashOf(bytes) !== hash) throw unreadable(name, 'its hash is wrong');
  if (isFetched) void inTime(keep(hash, bytes));
  return bytes;
}

/** Address of weights in the cache: the same for the same weights from any address. */
const keyOf = (hash: string): string => `https://pixrnn.invalid/${hash}`;

async function readKept(hash: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const kept = await (await caches.open(CACHE)).match(keyOf(hash));
  return kept ? new Uint8Array(await kept.arrayBuffer()) : null;
}

async function keep(hash: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  await (await caches.open(CACHE)).put(keyOf(hash), new Response(bytes));
}

/**
 * Returns what the cache answers; null if it fails or does not answer in time. There is none in insecure contexts, in
 * private windows and for opaque origins, and its quota may be used up.
 */
async function inTime<T>(answer: Promise<T>): Promise<T | null> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), CACHE_PATIENCE));
  return Promise.race([answer, late]).catch(() => null);
}

async function load(name: string, source: AssetSource): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof source !== 'string') return inflated(source);
  const response = await fetch(source).catch((cause: unknown) => {
    throw unreadable(name, 'the network is not reachable', cause);
  });
  if (!response.ok) throw unreadable(name, `the server responds with ${response.status}`);
  return inflated(new Uint8Array(await response.arrayBuffer()));
}

async function inflated(file: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const isCompressed = GZIP.every((byte, i) => byte === file[i]);
  return joinFloats(isCompressed ? await pipe(file, new DecompressionStream('gzip')) : file);
}

function hashOf(bytes: Uint8Array): string {
  return hexText(portableSha256().update(bytes).digest());
}

function unreadable(name: string, why: string, cause?: unknown): PixrnnError {
  return new PixrnnError('input-unreadable', `cannot load ${name}: ${why}. Reload the page.`, { cause });
}
