import { equalBytes } from '../bytes.js';
import { type Effort, type JpegEffort, jpegEffort } from '../effort.js';
import { PixrnnError } from '../errors.js';
import { MAX_PIXELS } from '../image/raster.js';
import type { JpegShape } from '../jpeg/coefficients.js';
import { frameSize } from '../jpeg/frame-size.js';
import { outlineOf } from '../jpeg/outline.js';
import { parseJpeg } from '../jpeg/parse-jpeg.js';
import type { ParsedJpeg } from '../jpeg/parsed-jpeg.js';
import { writeJpeg } from '../jpeg/write-jpeg.js';
import { requirePercent } from '../parity/parity.js';
import { requirePixels } from '../pixel-limit.js';
import type { Size } from '../subsample.js';
import { sha256Text } from './check.js';
import { decodeJpeg, encodeJpeg, type JpegCoding } from './code-jpeg.js';
import { type CodingOptions, effortToCode, withPool } from './coding-options.js';
import {
  countJpegBytes,
  countStoredBytes,
  encodeJpegFile,
  encodeStored,
  parseFile,
  type StoredFile,
  storedLength,
} from './container.js';
import { withParity } from './file-parity.js';
import type { JpegSource } from './jpeg-source.js';
import { previewOfJpeg } from './make-preview.js';
import { fitsRecord } from './jpeg-record.js';
import { verificationFailed } from './verification-failed.js';

/** Options for compressing JPEG files. */
export interface CompressJpegOptions extends CodingOptions {
  readonly effort?: Effort | undefined;
  /** Decode the result in other engine instances and compare it with the file; default true. */
  readonly verify?: boolean | undefined;
  /** As in `CompressOptions`. A JPEG file that the host cannot decode gets none. */
  readonly preview?: boolean | undefined;
  /** As in `CompressOptions`. */
  readonly parity?: number | undefined;
  /** Reject images with more pixels; default 100 million. */
  readonly maxPixels?: number | undefined;
  /** Measure the code length of each block. */
  readonly wantsBlockBits?: boolean | undefined;
}

/** A compressed JPEG file. */
export interface CompressedJpeg extends Size {
  /** The .prnn file, which restores the JPEG file byte for byte. */
  readonly bytes: Uint8Array;
  /** Size and components of the image; null if the file is stored and they are unknown. */
  readonly shape: JpegShape | null;
  readonly effort: JpegEffort;
  /** Extension of the JPEG file. */
  readonly extension: string;
  /** SHA-256 of the JPEG file, 64 hexadecimal digits. */
  readonly sourceDigest: string;
  /** Why the file is stored as it is, without a full stop; null if its coefficients are coded. */
  readonly storedBecause: string | null;
  /** Bytes of the coded coefficients, and of everything else that the JPEG file holds. */
  readonly coefficientBytes: number;
  readonly recordBytes: number;
  /** Bytes of the preview; 0 without one. */
  readonly previewBytes: number;
  /** Bytes of the parity; 0 without it. */
  readonly parityBytes: number;
  /** If asked for and coded, the code length of each block of the image (`allocateBlockBits` in src/engine). */
  readonly blockBits: readonly Float32Array[] | null;
}

/**
 * Compresses a JPEG file without loss. A file that its coefficients do not rebuild byte for byte is stored as it is.
 * @throws PixrnnError 'input-unreadable' if it is no JPEG image, 'limit'; the signal's reason
 */
export async function compressJpeg(source: JpegSource, options: CompressJpegOptions = {}): Promise<CompressedJpeg> {
  const effort = jpegEffort(effortToCode(options.effort));
  if (options.parity !== undefined) requirePercent(options.parity);
  const reading = readExactly(source.bytes, options.maxPixels ?? MAX_PIXELS);
  const { width, height } = reading.size;
  const { extension } = source;
  const stored: StoredFile = { width, height, extension, source: source.bytes };
  const common = { width, height, effort, extension, sourceDigest: sha256Text(source.bytes) };
  const previewFor = async (fileBytes: number): Promise<WithPreview> => {
    const preview = options.preview ? await previewOfJpeg(source.bytes, fileBytes) : undefined;
    return preview ? { preview } : {};
  };
  const finish = (plain: Uint8Array): Pick<CompressedJpeg, 'bytes' | 'parityBytes'> => {
    const bytes = withParity(plain, options.parity);
    return { bytes, parityBytes: bytes.length - plain.length };
  };
  const store = async (storedBecause: string): Promise<CompressedJpeg> => {
    const shape = reading.parsed && outlineOf(reading.parsed.structure).shape;
    const file = { ...stored, ...(await previewFor(storedLength(stored))) };
    const plain = encodeStored(file);
    const { codedBytes: recordBytes, previewBytes } = countStoredBytes(file, plain.length);
    const counts = { coefficientBytes: 0, recordBytes, previewBytes };
    return { ...common, ...finish(plain), shape, storedBecause, ...counts, blockBits: null };
  };
  const { parsed } = reading;
  if (parsed === null) return store(reading.reason);
  return withPool(options, async (pool) => {
    const { signal, verify = true, onProgress, wantsBlockBits } = options;
    const passes = verify ? 2 : 1;
    const coded = await encodeJpeg(parsed, source, effort, {
      ...{ pool, signal, wantsBlockBits },
      onProgress: (done, total) => onProgress?.(done, passes * total),
    });
    const plain = coded && encodeJpegFile(coded.file);
    if (!plain || plain.length >= storedLength(stored)) return store('nothing makes it smaller');
    const file = { ...coded.file, ...(await previewFor(plain.length)) };
    const container = file.preview ? encodeJpegFile(file) : plain;
    const made = finish(container);
    if (verify) {
      const onSecond = (done: number, total: number): void => onProgress?.(total + done, passes * total);
      const expected = { container, source: source.bytes };
      await verifyJpeg(made.bytes, expected, { pool, signal, onProgress: onSecond });
    }
    const counts = countJpegBytes(file, container.length);
    const { codedBytes: coefficientBytes, metadataBytes: recordBytes, previewBytes } = counts;
    const { shape } = outlineOf(parsed.structure); // without the coefficients, which the worker has
    const sizes = { coefficientBytes, recordBytes, previewBytes };
    return { ...common, ...made, shape, storedBecause: null, ...sizes, blockBits: coded.blockBits };
  });
}

type WithPreview = Pick<StoredFile, 'preview'>;

/** A JPEG file that its coefficients rebuild, or why they do not. */
type Reading = { readonly size: Size } & (
  { readonly parsed: ParsedJpeg } | { readonly parsed: null; readonly reason: string }
);

function readExactly(bytes: Uint8Array, maxPixels: number): Reading {
  try {
    const parsed = parseJpeg(bytes, { maxPixels });
    const size = parsed.image;
    if (fitsRecord(parsed) && equalBytes(writeJpeg(parsed), bytes)) return { size, parsed };
    return { size, parsed: null, reason: 'its encoder made choices that pixrnn cannot describe' };
  } catch (error) {
    if (!(error instanceof PixrnnError) || error.code === 'limit') throw error;
    const size = frameSize(bytes);
    if (size === null) throw error;
    requirePixels(size, maxPixels); // a damaged file may state any size
    return { size, parsed: null, reason: error.message.replace(/\..*$/s, '') };
  }
}

async function verifyJpeg(
  bytes: Uint8Array,
  { container, source }: { readonly container: Uint8Array; readonly source: Uint8Array },
  coding: JpegCoding,
): Promise<void> {
  const file = parseFile(bytes, { maxPixels: Infinity });
  if (!('record' in file) || !equalBytes(encodeJpegFile(file), container)) throw verificationFailed();
  if (!equalBytes(await decodeJpeg(file, coding, Infinity), source)) throw verificationFailed();
}
