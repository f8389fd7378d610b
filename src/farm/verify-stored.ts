import type { Coded, FileWork } from './file-work.js';

/** Checks a .prnn file: its structure and checksums, or everything that it restores. */
export async function verifyStored({ run, file, codec, model, signal }: FileWork): Promise<Coded> {
  const { maxPixels, full } = run.options;
  const options = { maxPixels, signal, maxInputBytes: file.bytes.length };
  const { width, height, channels } = full
    ? sizeOf(await codec.decompress(file.bytes, { ...options, models: model && [model] }))
    : sizeOf(await codec.inspect(file.bytes, options));
  const pixels = width * height;
  return { status: 'done', output: null, bytes: 0, pixels, samples: pixels * channels };
}

interface Sized {
  readonly width: number;
  readonly height: number;
  readonly channels?: number | undefined;
}

function sizeOf({ width, height, channels = 3 }: Sized): Required<Omit<Sized, 'channels'>> & { channels: number } {
  return { width, height, channels };
}
