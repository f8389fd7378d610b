import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { equalBytes } from '#pixrnn/bytes.js';
import { parseFile } from '#pixrnn/codec/container.js';
import { fileSegments } from '#pixrnn/jpeg/file-segments.js';
import { isRestart, MARKER } from '#pixrnn/jpeg/markers.js';
import { runMeasured } from '../measured-run.js';
import type { JpegCodec, PeerCodec } from './codecs.js';

/** What a codec made of a file. */
export interface Result {
  readonly bytes: number;
  /** CPU seconds, including the start of the program; null for sizes from PEERS.tsv. */
  readonly encodeSeconds: number | null;
  readonly decodeSeconds: number | null;
  readonly peakBytes: number | null;
}

/** What all codecs made of a JPEG file. */
export interface Row {
  readonly file: string;
  /** The half that the first hexadecimal digit of the SHA-256 chooses: tuning if it is even. */
  readonly half: 'tuning' | 'test';
  readonly bytes: number;
  /** Bytes of the scans of the main image. */
  readonly scanBytes: number;
  /** Whether pixrnn stores the file as it is. */
  readonly isStored: boolean;
  /** By label; null where a codec does not support the file. */
  readonly results: Readonly<Record<string, Result | null>>;
}

/** Returns the half that a file belongs to. */
export function halfOf(bytes: Uint8Array): Row['half'] {
  const [first = 0] = createHash('sha256').update(bytes).digest();
  return (first >> 4) % 2 === 0 ? 'tuning' : 'test';
}

/**
 * Codes and restores a file with every codec.
 * @param sizes sizes in PEERS.tsv, by codec and then by file
 * @throws Error if pixrnn fails, or a codec restores another file
 */
export async function measureFile(
  path: string,
  { ours, peers }: { readonly ours: readonly JpegCodec[]; readonly peers: readonly PeerCodec[] },
  { core, folder, sizes }: { core: string; folder: string; sizes: ReadonlyMap<string, ReadonlyMap<string, number>> },
): Promise<Row> {
  const bytes = new Uint8Array(await readFile(path));
  const results: Record<string, Result | null> = {};
  let isStored = false;
  for (const codec of ours) {
    const { result, coded } = await runCodec(codec, path, bytes, { core, folder });
    results[codec.label] = result;
    isStored ||= 'source' in parseFile(coded, { maxPixels: Infinity });
  }
  for (const codec of peers) {
    const known = sizes.get(codec.peer)?.get(`jpeg/${basename(path)}`);
    const earlier =
      known === undefined ? null : { bytes: known, encodeSeconds: null, decodeSeconds: null, peakBytes: null };
    results[codec.label] = codec.isInstalled ? await tryCodec(codec, path, bytes, { core, folder }) : earlier;
  }
  return {
    file: basename(path),
    half: halfOf(bytes),
    bytes: bytes.length,
    scanBytes: scanBytesOf(bytes),
    isStored,
    results,
  };
}

/** Returns null where the codec rejects the file. */
async function tryCodec(
  codec: JpegCodec,
  path: string,
  bytes: Uint8Array,
  where: { core: string; folder: string },
): Promise<Result | null> {
  try {
    return (await runCodec(codec, path, bytes, where)).result;
  } catch (error) {
    process.stderr.write(`${basename(path)}: ${(error as Error).message}\n`);
    return null;
  }
}

async function runCodec(
  { label, encode, decode }: JpegCodec,
  path: string,
  source: Uint8Array,
  { core, folder }: { core: string; folder: string },
): Promise<{ result: Result; coded: Uint8Array }> {
  await mkdir(folder, { recursive: true });
  try {
    // pixrnn keeps the extension of the source, and cjxl and lepton choose formats by extensions.
    const names = { pixrnn: 'coded.prnn', cjxl: 'coded.jxl', lepton: 'coded.lep' };
    const name = names[label.split(' ')[0] as keyof typeof names];
    const [given, coded, restored] = ['given.jpg', name, 'restored.jpg'].map((one) => join(folder, one)) as [
      string,
      string,
      string,
    ];
    await copyFile(path, given);
    const encoding = await runMeasured(encode(given, coded), core, folder);
    const decoding = await runMeasured(decode(coded, restored), core, folder);
    if (!equalBytes(await readFile(restored), source)) throw new Error(`${label} does not restore ${path}.`);
    const result = new Uint8Array(await readFile(coded));
    return {
      coded: result,
      result: {
        bytes: result.length,
        encodeSeconds: encoding.cpuSeconds,
        decodeSeconds: decoding.cpuSeconds,
        peakBytes: Math.max(encoding.peakBytes, decoding.peakBytes),
      },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns the bytes of entropy-coded data up to the first EOI marker. */
function scanBytesOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const { marker, start, end, next } of fileSegments(bytes)) {
    if (marker === MARKER.SOS) sum += next - end;
    else if (isRestart(marker)) sum += next - start;
  }
  return sum;
}
