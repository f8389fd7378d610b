import { constants as bufferConstants } from 'node:buffer';
import { createHash } from 'node:crypto';
import { availableParallelism, totalmem } from 'node:os';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { PixrnnError } from '../errors.js';
import { type Host, type HostWorker, InflateError, type Sha256, type WorkerEvents, type Zlib } from '../host/host.js';
import { assetPath, readAssetFile, startThread } from './assets.js';
import { loadBrotli } from './brotli.js';

const deflate = promisify(zlib.deflate);

/** The Node.js host: worker threads, node:zlib and node:crypto, files of the package from disk. */
export const nodeHost: Host = {
  get parallelism() {
    return availableParallelism();
  },
  // From Node.js 22 on, MAX_LENGTH is 2^53 - 1, more than any machine has.
  maxArrayBytes: Math.min(bufferConstants.MAX_LENGTH, totalmem()),
  startWorker,
  readAsset,
  sha256: () => new NodeSha256(),
  encodePicture: async (...args) => (await import('./image/encode-picture.js')).encodePicture(...args),
  loadBrotli,
  zlib: {
    inflate,
    deflate: (bytes, options) => deflate(bytes, options),
    deflateSync: (bytes, options) => zlib.deflateSync(bytes, options),
  },
};

class NodeSha256 implements Sha256 {
  private readonly hash = createHash('sha256');

  update(bytes: Uint8Array): this {
    this.hash.update(bytes);
    return this;
  }

  digest(): Uint8Array {
    return new Uint8Array(this.hash.digest());
  }
}

/** Return type of zlib with the option `info`, which is documented but missing in Node's types. */
interface InflatedWithInfo {
  readonly buffer: Buffer;
  readonly engine: zlib.Inflate;
}

/** Image data rarely compresses further than this, so one chunk usually holds all output and nothing is copied. */
const USUAL_RATIO = 8;

function inflate(stream: Uint8Array, maxBytes: number): ReturnType<Zlib['inflate']> {
  try {
    const chunkSize = Math.max(64, Math.min(maxBytes + 1, USUAL_RATIO * stream.length));
    // zlib rejects a limit of 0.
    const options = { maxOutputLength: Math.max(1, maxBytes), chunkSize, info: true };
    const { buffer, engine } = zlib.inflateSync(stream, options) as unknown as InflatedWithInfo;
    if (buffer.length > maxBytes) throw new InflateError('too-large');
    const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
    return { bytes, consumed: engine.bytesWritten };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new InflateError('too-large');
    if (code === 'Z_BUF_ERROR') throw new InflateError('incomplete');
    throw error instanceof InflateError ? error : new InflateError('damaged', message);
  }
}

async function readAsset(name: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readAssetFile(name);
  } catch (cause) {
    const what = `cannot read ${assetPath(name)}, which is part of pixrnn`;
    throw new PixrnnError('input-unreadable', `${what}. Install pixrnn again.`, { cause });
  }
}

function startWorker({ onMessage, onEnd }: WorkerEvents): HostWorker {
  // Without the flags of the process, which are meant for its own program (--import, --input-type).
  const worker = startThread('program/engine-worker.js', { execArgv: [] });
  worker
    .on('message', onMessage)
    .on('error', onEnd)
    .on('exit', () => onEnd(new Error('it exited')));
  return {
    postMessage: (message, transfer) => worker.postMessage(message, transfer),
    terminate: async () => void (await worker.terminate()),
  };
}
