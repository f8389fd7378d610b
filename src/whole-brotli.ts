import { type BrotliDecompress, type BrotliOptions, brotliDecompress, brotliDecompressSync } from 'node:zlib';

/* Brotli streams that are all of what they stand in: Node by itself passes over bytes that follow one. */

/** What Node gives back with `info`, an option that is documented but not in its types. */
interface Decompressed {
  readonly buffer: Buffer;
  readonly engine: BrotliDecompress;
}

/** Throws where the payload is not one complete stream of at most so many bytes. */
export function decompressWholeSync(payload: Uint8Array, maxOutputLength: number): Buffer {
  const result: unknown = brotliDecompressSync(payload, withInfo(maxOutputLength));
  return whole(payload, result as Decompressed);
}

/** The same without keeping the event loop. */
export async function decompressWhole(payload: Uint8Array, maxOutputLength: number): Promise<Buffer> {
  const result = await new Promise<unknown>((resolve, reject) => {
    brotliDecompress(payload, withInfo(maxOutputLength), (error, found) => (error ? reject(error) : resolve(found)));
  });
  return whole(payload, result as Decompressed);
}

function withInfo(maxOutputLength: number): BrotliOptions {
  const options = { maxOutputLength, info: true };
  return options;
}

function whole(payload: Uint8Array, { buffer, engine }: Decompressed): Buffer {
  if (engine.bytesWritten !== payload.length) throw new Error('bytes follow the Brotli stream');
  return buffer;
}
