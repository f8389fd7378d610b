import { createHash } from 'node:crypto';
import { equalBytes } from '#pixrnn/bytes.js';
import { DIGEST_BYTES, SOURCE_DIGEST_BYTES } from '#pixrnn/codec/check.js';
import { recordOf } from '#pixrnn/codec/code-jpeg.js';
import { decodeHeader, parseFile } from '#pixrnn/codec/container.js';
import { decodeRaster, type DecompressOptions } from '#pixrnn/codec/decompress.js';
import { inspectFile } from '#pixrnn/codec/inspect.js';
import { previewToRaster } from '#pixrnn/codec/preview.js';
import { restoreFile } from '#pixrnn/codec/restore-file.js';
import { restoreSource } from '#pixrnn/codec/restore-source.js';
import { crc32 } from '#pixrnn/crc32.js';
import { metadataOf, writePng } from '#pixrnn/image/write-png.js';
import { sameSamples, type Samples } from '#pixrnn/samples.js';
import { fuzzCoders } from './fuzz-coders.js';
import { installFuzzHost, lastHash } from './fuzz-host.js';
import { MAX_PIXELS, MAX_RESTORED_PIXELS, MAX_SHIPPED_PIXELS } from './limits.js';
import { fuzzModels, knownModels } from './models.js';
import { expect, outcomeOf } from './outcome.js';
import { type Part, splitParts } from './parts.js';
import { TAG } from './prnn-tags.js';
import type { KnownModel } from './repair-header.js';
import { repairedParts } from './repair-prnn.js';
import { sealPrnn } from './seal-prnn.js';
import type { Execute } from './target.js';

/** One of so many inputs keeps an effort with the mixer. */
const MIXER_SHARE = 48;
/** One of so many JPEG files gets its coefficients decoded. */
const JPEG_SHARE = 256;
/** One of so many recipes rebuilds its source, which needs a few milliseconds for PNG files. */
const RECIPE_SHARE = 8;
/** One of so many images is written as a PNG file. */
const PNG_SHARE = 8;
/** One of so many inputs is decoded as a preview; one of so many with a wrong digest gets the right one. */
const PREVIEW_SHARE = 4;
const REPAIR_SHARE = 8;
/** One of so many inputs keeps a structure that breaks rules. */
const BROKEN_SHARE = 6;
/** One of so many inputs that reach a digest is decoded again, to compare. */
const REPEAT_SHARE = 16;
/** A file with two wrong digests and one of a tile needs two repairs. */
const MAX_REPAIRS = 2;

/** Enough for the header of an input without parts. */
const HEADER_BYTES = 16;

/** What a file decodes to. */
interface Decoded {
  readonly samples: Samples | null;
  readonly source: Uint8Array | null;
}

/**
 * Returns the target that decodes, inspects and verifies .prnn files. Where a digest is wrong, the file gets the right
 * one and is decoded again: it must then restore what the digest says.
 */
export async function prnnTarget(): Promise<Execute> {
  installFuzzHost();
  const coders = await fuzzCoders();
  const models = fuzzModels();
  const known = await knownModels();

  return async (input) => {
    const hash = crc32(input);
    const bytes = fileOf(input, hash, known);
    const options: DecompressOptions = { pool: coders.pool, models, maxPixels: maxPixelsOf(bytes) };
    coders.decodesJpeg = (hash >>> 12) % JPEG_SHARE === 0;
    coders.rebuilds = (hash >>> 13) % RECIPE_SHARE === 0;
    const before = coders.jobs() + lastHash().count;
    const { refusal = null } = await decodeBoth(bytes, options, hash);
    const reached = refusal === null || coders.jobs() + lastHash().count > before;
    if (hash % PREVIEW_SHARE === 0) await outcomeOf(() => previewToRaster(bytes, options));
    const isRepaired = refusal?.code === 'hash-mismatch' && (hash >>> 16) % REPAIR_SHARE === 0;
    if (isRepaired) await decodeRepaired(bytes, options, hash);
    return { reached, refusal };
  };
}

/** Returns the file of an input: most are repaired, all that have parts get valid checks. */
function fileOf(input: Uint8Array, hash: number, models: readonly KnownModel[]): Uint8Array {
  const parts = splitParts(input);
  const isCheap = hash % MIXER_SHARE !== 0;
  if ((hash >>> 8) % BROKEN_SHARE !== 0) return sealPrnn(repairedParts(parts ?? cut(input), models), isCheap);
  return parts ? sealPrnn(parts, isCheap) : input;
}

/** Returns input without parts as a header and a tile. */
function cut(input: Uint8Array): Part[] {
  return [
    { tag: TAG.header, bytes: input.subarray(0, HEADER_BYTES) },
    { tag: TAG.chunk, bytes: input.subarray(HEADER_BYTES) },
  ];
}

function maxPixelsOf(bytes: Uint8Array): number {
  try {
    const header = decodeHeader(bytes);
    if (header.kind !== 'pixels') return MAX_RESTORED_PIXELS;
    const { rgbModel, grayModel } = header.header;
    return typeof rgbModel === 'number' || typeof grayModel === 'number' ? MAX_SHIPPED_PIXELS : MAX_PIXELS;
  } catch {
    return MAX_PIXELS; // it is rejected again below
  }
}

/** Decodes, inspects and verifies a file, and compares the three. */
async function decodeBoth(bytes: Uint8Array, options: DecompressOptions, hash: number) {
  const inspected = await outcomeOf(() => inspectFile(bytes, options));
  const decoded = await outcomeOf(() => decode(bytes, options, hash % PNG_SHARE === 0));
  const wrong = decoded.refusal?.code === 'hash-mismatch' ? lastHash().hash : null;
  if (decoded.value) {
    checkDigests(bytes, decoded.value);
    const isStored = decoded.value.samples === null && !isJpeg(bytes);
    expect(isStored || !inspected.refusal, `inspect refuses what decodes: ${inspected.refusal?.message}`);
  }
  if ((decoded.value || wrong) && hash % REPEAT_SHARE !== 0) return decoded;
  const verified = await outcomeOf(() => verify(bytes, options));
  expect(
    verified.refusal?.code === decoded.refusal?.code,
    `verify: ${verified.refusal?.message ?? 'OK'}, decode: ${decoded.refusal?.message ?? 'OK'}`,
  );
  if (wrong) expect(equalBytes(wrong, lastHash().hash), 'decoding twice gives different hashes');
  if (decoded.value && verified.value) {
    expect(
      areSame(decoded.value.samples, verified.value.samples, sameSamples),
      'decoding twice gives different samples',
    );
    expect(areSame(decoded.value.source, verified.value.source, equalBytes), 'decoding twice gives different sources');
  }
  return decoded;
}

function isJpeg(bytes: Uint8Array): boolean {
  return decodeHeader(bytes).kind === 'jpeg';
}

/** As `pixrnn decompress`, which needs the metadata to write a file. */
async function decode(bytes: Uint8Array, options: DecompressOptions, writes: boolean): Promise<Decoded> {
  const file = parseFile(bytes, options);
  if (!('header' in file)) return { samples: null, source: await restoreFile(file, options) };
  const raster = await decodeRaster(file, options);
  await (writes ? writePng(raster, file.metadata) : metadataOf(raster, file.metadata));
  return { samples: raster.samples, source: await restoreSource(file, raster, options) };
}

/** As `pixrnn verify --full`. */
async function verify(bytes: Uint8Array, options: DecompressOptions): Promise<Decoded> {
  const file = parseFile(bytes, options);
  if ('record' in file) await recordOf(file);
  if (!('header' in file)) return { samples: null, source: await restoreFile(file, options) };
  const raster = await decodeRaster(file, options);
  await metadataOf(file.header, file.metadata);
  return { samples: raster.samples, source: await restoreSource(file, raster, options) };
}

/** Hashes what was decoded without the code under test, and compares with the digests in the file. */
function checkDigests(bytes: Uint8Array, { samples, source }: Decoded): void {
  const hashes: Buffer[] = [];
  if (samples) {
    const hash = createHash('sha256');
    const is16 = samples instanceof Uint16Array;
    hash.update(
      is16
        ? Uint8Array.from({ length: 2 * samples.length }, (_, i) => (i & 1 ? samples[i >> 1]! : samples[i >> 1]! >> 8))
        : samples,
    );
    hashes.push(hash.digest().subarray(0, DIGEST_BYTES));
  }
  if (source && (samples || isJpeg(bytes))) hashes.push(createHash('sha256').update(source).digest());
  const expected = Buffer.concat(hashes);
  expect(equalBytes(expected, bytes.subarray(bytes.length - expected.length)), 'a wrong image is accepted');
}

/** Gives a file that was refused for a digest the right one, and decodes it again. */
async function decodeRepaired(bytes: Uint8Array, options: DecompressOptions, seed: number): Promise<void> {
  let file = bytes;
  for (let repair = 0; repair < MAX_REPAIRS; repair++) {
    const refusal = (await outcomeOf(() => decode(file, options, false))).refusal;
    if (refusal?.code !== 'hash-mismatch') break;
    const at = digestAt(file, refusal.message);
    if (at === null) return;
    file = file.slice();
    file.set(lastHash().hash.subarray(0, at.length), at.start);
  }
  const { refusal } = await decodeBoth(file, options, seed);
  expect(refusal?.code !== 'hash-mismatch', `a repaired digest is refused: ${refusal?.message}`);
}

/** Returns where the digest is that a message is about; null for that of a tile. */
function digestAt(bytes: Uint8Array, message: string): { start: number; length: number } | null {
  const header = decodeHeader(bytes);
  if (header.kind === 'jpeg' || message.startsWith('it does not restore')) {
    return { start: bytes.length - SOURCE_DIGEST_BYTES, length: SOURCE_DIGEST_BYTES };
  }
  if (!message.startsWith('it does not decode') || header.kind === 'stored') return null;
  const after = header.extension === null ? 0 : SOURCE_DIGEST_BYTES;
  return { start: bytes.length - DIGEST_BYTES - after, length: DIGEST_BYTES };
}

/** Compares two that are null alike. */
function areSame<T>(a: T | null, b: T | null, isEqual: (a: T, b: T) => boolean): boolean {
  return a === null || b === null ? a === b : isEqual(a, b);
}
