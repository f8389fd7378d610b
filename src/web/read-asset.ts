import { hexText } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import { portableSha256 } from '../host/portable.js';
import type { AssetSource, Assets } from './assets.js';
import { joinFloats } from './float-planes.js';
import { WEIGHT_HASHES } from './weight-hashes.js';

/* Reads the files of the package in a page or worker. Weights are checked by hash and kept in the Cache API. */

const CACHE = 'pixrnn-weights';
/** The first bytes of a gzip file; a page may serve its files compressed, and weights with `splitFloats` before that. */
const GZIP = [0x1f, 0x8b];

/**
 * Returns a file of the package.
 * @throws PixrnnError `input-unreadable` if it cannot be fetched or does not have its hash
 */
export async function readAsset(assets: Assets, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const source = assets[name];
  if (source === undefined) throw unreadable(name, 'this page does not include it');
  const hash = WEIGHT_HASHES[name];
  return hash === undefined ? load(name, source) : loadWeights(name, source, hash);
}

async function loadWeights(name: string, source: AssetSource, hash: string): Promise<Uint8Array<ArrayBuffer>> {
  const cache = typeof source === 'string' ? await openCache() : null;
  const key = `https://pixrnn.invalid/${hash}`; // the same weights from any address
  const kept = await cache?.match(key);
  if (kept) {
    const bytes = new Uint8Array(await kept.arrayBuffer());
    if (hashOf(bytes) === hash) return bytes;
  }
  const bytes = await load(name, source);
  if (hashOf(bytes) !== hash) throw unreadable(name, 'its hash is wrong');
  await cache?.put(key, new Response(bytes)).catch(() => {}); // the quota may be used up
  return bytes;
}

/** Returns the cache; null where there is none: in insecure contexts, private windows, and for opaque origins. */
async function openCache(): Promise<Cache | null> {
  try {
    return await caches.open(CACHE);
  } catch {
    return null;
  }
}

async function load(name: string, source: AssetSource): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof source !== 'string') return inflated(source);
  const response = await fetch(source).catch((cause: unknown) => {
    throw unreadable(name, 'the network is not reachable', cause);
  });
  if (!response.ok) throw unreadable(name, `the server responds with ${response.status}`);
  return inflated(await response.blob());
}

async function inflated(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  const start = new Uint8Array(await file.slice(0, GZIP.length).arrayBuffer());
  const isCompressed = GZIP.every((byte, i) => byte === start[i]);
  const stream = isCompressed ? file.stream().pipeThrough(new DecompressionStream('gzip')) : file;
  return joinFloats(new Uint8Array(await new Response(stream).arrayBuffer()));
}

function hashOf(bytes: Uint8Array): string {
  return hexText(portableSha256().update(bytes).digest());
}

function unreadable(name: string, why: string, cause?: unknown): PixrnnError {
  return new PixrnnError('input-unreadable', `cannot load ${name}: ${why}. Reload the page.`, { cause });
}
