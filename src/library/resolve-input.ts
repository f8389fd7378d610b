import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PixrnnError } from '../errors.js';
import { type Raster, rasterOf } from '../image/raster.js';
import { allocateSamples, type Samples } from '../samples.js';
import { type ImageInput, isRaster, type WebStream } from './input.js';
import type { SentFile, SentImage } from './protocol.js';

/* Inputs on their way to the background thread. Whatever is long is copied in slices, so that the caller's thread goes on between them. */

/** Bytes that are copied at a time: about a millisecond. */
const SLICE = 2 ** 22;

/** What has been read of an input, still in the caller's memory. */
export type ResolvedInput =
  | { readonly type: 'path'; readonly path: string }
  | { readonly type: 'raster'; readonly raster: Raster }
  /** A stream's pieces are nobody else's, and go on without being copied. */
  | { readonly type: 'bytes'; readonly pieces: readonly Uint8Array[]; readonly areOwn: boolean };

/**
 * Reads a stream to its end; any other input is only looked at.
 * @throws PixrnnError `usage` for what is no input, `limit` where it is longer than `maxBytes`; what the stream throws; the signal's reason
 */
export async function resolveInput(input: ImageInput, maxBytes: number, signal?: AbortSignal): Promise<ResolvedInput> {
  if (typeof input === 'string') return { type: 'path', path: input };
  if (input instanceof URL) return { type: 'path', path: pathOf(input) };
  if (input instanceof ArrayBuffer) return resolveInput(new Uint8Array(input), maxBytes);
  if (input instanceof Uint8Array) {
    if (input.byteLength > maxBytes) throw tooLong(maxBytes);
    return { type: 'bytes', pieces: [input], areOwn: false };
  }
  if (typeof input !== 'object' || input === null) throw noInput(input);
  if (isRaster(input)) return { type: 'raster', raster: rasterOf(input) };
  if (!isStream(input)) throw noInput(input);
  return { type: 'bytes', pieces: await readStream(input, maxBytes, signal), areOwn: true };
}

/** What goes to the background thread, and the buffers that are moved there: copies of what is the caller's. */
export async function toSend(resolved: ResolvedInput): Promise<{ input: SentImage; moved: ArrayBuffer[] }> {
  if (resolved.type === 'path') return { input: resolved, moved: [] };
  if (resolved.type === 'raster') {
    const { width, height, channels, depth, indexed, samples } = resolved.raster;
    const own = await copyOf(samples);
    const raster = { width, height, channels, depth, indexed, samples: own };
    return { input: { type: 'raster', raster }, moved: [own.buffer as ArrayBuffer] };
  }
  const { pieces, areOwn } = resolved;
  const own = areOwn ? pieces : await Promise.all(pieces.map((piece) => copyOf(piece)));
  return { input: { type: 'bytes', pieces: own }, moved: own.map(({ buffer }) => buffer as ArrayBuffer) };
}

/** The same for what cannot be a raster. */
export async function fileToSend(resolved: ResolvedInput): Promise<{ input: SentFile; moved: ArrayBuffer[] }> {
  const { input, moved } = await toSend(resolved);
  if (input.type === 'raster') throw noInput(input.raster);
  return { input, moved };
}

/** The samples, or those of several arrays one after the other, in memory of their own. */
async function copyOf<S extends Samples>(...parts: readonly [S, ...S[]]): Promise<S> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const to = allocateSamples(length, parts[0] instanceof Uint16Array ? 16 : 8) as S;
  let [end, yieldedAt] = [0, 0];
  for (const part of parts) {
    for (let at = 0; at < part.length; at += SLICE) {
      if (end - yieldedAt >= SLICE) {
        await setImmediate();
        yieldedAt = end;
      }
      const slice = part.subarray(at, at + SLICE);
      to.set(slice, end);
      end += slice.length;
    }
  }
  return to;
}

type Stream = AsyncIterable<Uint8Array> | WebStream;

function isStream(input: object): input is Stream {
  return Symbol.asyncIterator in input || 'getReader' in input;
}

/** The pieces of a stream, joined to some of a size that is worth moving. */
async function readStream(stream: Stream, maxBytes: number, signal: AbortSignal | undefined): Promise<Uint8Array[]> {
  const source = sourceOf(stream);
  const pieces: Uint8Array[] = [];
  let [loose, looseBytes, bytes]: [Uint8Array[], number, number] = [[], 0, 0];
  const join = async (): Promise<void> => {
    const [first, ...others] = loose;
    [loose, looseBytes] = [[], 0];
    if (first) pieces.push(await copyOf(first, ...others));
  };
  try {
    for (let piece = await orAborted(source.next(), signal); piece; piece = await orAborted(source.next(), signal)) {
      if (!(piece instanceof Uint8Array)) throw noInput(piece, 'a stream of');
      bytes += piece.length;
      if (bytes > maxBytes) throw tooLong(maxBytes);
      loose.push(piece);
      looseBytes += piece.length;
      if (looseBytes >= SLICE) await join();
    }
  } catch (error) {
    source.stop(error);
    throw error;
  }
  await join();
  return pieces;
}

/** Streams of both kinds: the next piece or null, and how to stop before the end. */
function sourceOf(stream: Stream): { next: () => Promise<Uint8Array | null>; stop: (reason: unknown) => void } {
  if ('getReader' in stream) {
    const reader = stream.getReader();
    const next = () => reader.read().then(({ done, value }) => (done ? null : (value ?? null)));
    return { next, stop: (reason) => void reader.cancel(reason).catch(() => {}) };
  }
  const iterator = stream[Symbol.asyncIterator]();
  const next = () => iterator.next().then(({ done, value }) => (done ? null : value));
  // A generator ends only when the piece that it works on is there; nobody waits for that, nor for its complaints.
  const stop = () => (stream instanceof Readable ? stream.destroy() : iterator.return?.().catch(() => {}));
  return { next, stop: () => void stop() };
}

/** What is awaited, or the signal's reason as soon as it is aborted. */
async function orAborted<T>(awaited: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return awaited;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    awaited.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function pathOf(url: URL): string {
  if (url.protocol === 'file:') return fileURLToPath(url);
  throw new PixrnnError(
    'usage',
    `the input is a URL with ${url.protocol} Give a file: URL, or fetch it and give its body.`,
  );
}

function tooLong(maxBytes: number): PixrnnError {
  const what = `the input is longer than the limit of ${maxBytes} bytes`;
  return new PixrnnError('limit', `${what}. If you trust it, raise maxInputBytes.`);
}

function noInput(given: unknown, before = 'given as'): PixrnnError {
  const what = given === null || typeof given !== 'object' ? typeof given : given.constructor?.name;
  return new PixrnnError(
    'usage',
    `the input is ${before} ${what ?? 'an object'}. Give bytes as a Uint8Array, a path, a file: URL, or a stream of Uint8Arrays.`,
  );
}
