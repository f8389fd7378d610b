import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PixrnnError } from '../errors.js';
import { type Raster, rasterOf } from '../image/raster.js';
import { allocateSamples, type Samples } from '../samples.js';
import { type ImageInput, isRaster, type WebStream } from './input.js';
import type { SentFile, SentImage } from './protocol.js';

/* Prepares inputs for the background thread. Long copies are made in slices, so that the caller's event loop runs in between. */

/** Bytes to copy without yielding: about a millisecond. */
const SLICE = 2 ** 22;

/** A resolved input, still in the caller's memory. */
export type ResolvedInput =
  | { readonly type: 'path'; readonly path: string }
  | { readonly type: 'raster'; readonly raster: Raster }
  /** `areOwn`: the pieces come from a stream, so they are transferred without a copy. */
  | { readonly type: 'bytes'; readonly pieces: readonly Uint8Array[]; readonly areOwn: boolean };

/**
 * Classifies an input; reads it to the end if it is a stream.
 * @throws PixrnnError `usage` if it is not an input, `limit` if it is longer than `maxBytes`; errors of the stream; the signal's reason
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

/** Returns the message for the background thread and the buffers to transfer. The caller's own buffers are copied. */
export async function toSend(resolved: ResolvedInput): Promise<{ input: SentImage; transfer: ArrayBuffer[] }> {
  if (resolved.type === 'path') return { input: resolved, transfer: [] };
  if (resolved.type === 'raster') {
    const { width, height, channels, depth, indexed, samples } = resolved.raster;
    const own = await copyOf(samples);
    const raster = { width, height, channels, depth, indexed, samples: own };
    return { input: { type: 'raster', raster }, transfer: [own.buffer as ArrayBuffer] };
  }
  const { pieces, areOwn } = resolved;
  const own = areOwn ? pieces : await Promise.all(pieces.map((piece) => copyOf(piece)));
  return { input: { type: 'bytes', pieces: own }, transfer: own.map(({ buffer }) => buffer as ArrayBuffer) };
}

/** Like `toSend`, but rejects rasters. */
export async function fileToSend(resolved: ResolvedInput): Promise<{ input: SentFile; transfer: ArrayBuffer[] }> {
  const { input, transfer } = await toSend(resolved);
  if (input.type === 'raster') throw noInput(input.raster);
  return { input, transfer };
}

/** Concatenates arrays into new memory. */
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

/** Reads a stream; small pieces are joined to pieces of at least SLICE bytes, the last one excepted. */
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
      if (!(piece instanceof Uint8Array)) throw noInput(piece, 'stream of ');
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

/** Adapts both kinds of streams: `next` returns the next piece or null, `stop` cancels. */
function sourceOf(stream: Stream): { next: () => Promise<Uint8Array | null>; stop: (reason: unknown) => void } {
  if ('getReader' in stream) {
    const reader = stream.getReader();
    const next = () => reader.read().then(({ done, value }) => (done ? null : (value ?? null)));
    return { next, stop: (reason) => void reader.cancel(reason).catch(() => {}) };
  }
  const iterator = stream[Symbol.asyncIterator]();
  const next = () => iterator.next().then(({ done, value }) => (done ? null : value));
  // A generator returns only after its pending piece; do not wait for it, and ignore its errors.
  const stop = () => (stream instanceof Readable ? stream.destroy() : iterator.return?.().catch(() => {}));
  return { next, stop: () => void stop() };
}

/** Awaits a promise, or rejects with the signal's reason as soon as it is aborted. */
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
    `${url.protocol} URLs are not supported as input. Pass a file: URL, or fetch the URL and pass response.body.`,
  );
}

function tooLong(maxBytes: number): PixrnnError {
  const what = `the input is longer than the limit of ${maxBytes} bytes`;
  return new PixrnnError('limit', `${what}. If you trust the input, raise maxInputBytes.`);
}

function noInput(given: unknown, container = ''): PixrnnError {
  const what = given === null || typeof given !== 'object' ? typeof given : given.constructor?.name;
  return new PixrnnError(
    'usage',
    `an input of type ${container}${what ?? 'object'} is not supported. Pass a Uint8Array, a path, a file: URL, or a stream of Uint8Arrays.`,
  );
}
