import { equalBytes } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import type { JpegEffort } from '../effort.js';
import type { Coders, JobOptions } from '../engine/pool.js';
import { allocateImage } from '../engine/jpeg-bands.js';
import { MAX_PIXELS } from '../image/raster.js';
import { blocksOf, type JpegShape } from '../jpeg/coefficients.js';
import { BLOCK_SIZE } from '../jpeg/frame.js';
import type { ParsedJpeg } from '../jpeg/parsed-jpeg.js';
import { writeJpeg } from '../jpeg/write-jpeg.js';
import { sha256 } from './check.js';
import type { CodingOptions } from './coding-options.js';
import type { JpegFile } from './container.js';
import { inOrder, type JpegRecord, packJpegRecord, unpackJpegRecord } from './jpeg-record.js';

/** Of all images, for each pixel that one may have: three components, twice. */
const COEFFICIENTS_PER_PIXEL = 6;
/** Coefficients outside of the images, in blocks at their edges. */
const MAX_PADDING = 2 ** 22;

/** Options for coding the coefficients of JPEG files; progress is in pixels of all images in the file. */
export interface JpegCoding extends Pick<CodingOptions, 'signal' | 'onProgress'> {
  readonly pool: Coders;
}

/** A JPEG file whose coefficients are coded. */
export interface CodedJpeg {
  readonly file: JpegFile;
  /** Code length of each block of the image itself, if asked for (src/engine/jpeg-bands.ts). */
  readonly blockBits: readonly Float32Array[] | null;
}

/** Codes the coefficients of a parsed JPEG file. Returns null if that needs as many bytes as the file. */
export async function encodeJpeg(
  parsed: ParsedJpeg,
  source: { readonly bytes: Uint8Array; readonly extension: string },
  effort: JpegEffort,
  { wantsBlockBits, ...coding }: JpegCoding & { readonly wantsBlockBits?: boolean | undefined },
): Promise<CodedJpeg | null> {
  const { width, height } = parsed.image;
  const images = inOrder(parsed).map(({ image }) => image);
  const options = jobOptions(images, coding);
  const coefficients: Uint8Array[] = [];
  let blockBits: CodedJpeg['blockBits'] = null;
  for (const image of images) {
    const common = { kind: 'encode-jpeg', image, effort, limit: source.bytes.length } as const;
    const job = () => ({ ...common, wantsBlockBits: wantsBlockBits && image === images[0] });
    const encoded = await coding.pool.runPlain(job, options());
    if (encoded === null) return null;
    coefficients.push(encoded.payload);
    blockBits ??= encoded.blockBits;
  }
  const record = await packJpegRecord(parsed);
  const { extension } = source;
  return {
    file: { width, height, extension, effort, record, coefficients, digest: sha256(source.bytes) },
    blockBits,
  };
}

/**
 * Returns the record of a JPEG file, which says how many chunks of coefficients there are.
 * @throws PixrnnError 'file-corrupt' if it is malformed, or the other parts do not fit it
 */
export async function recordOf({ width, height, record, coefficients }: JpegFile): Promise<JpegRecord> {
  const unpacked = await unpackJpegRecord(record);
  const { shape } = unpacked;
  if (width === shape.width && height === shape.height && inOrder(unpacked).length === coefficients.length) {
    return unpacked;
  }
  throw new PixrnnError('file-corrupt', 'its parts do not fit together. Get the file again.');
}

/**
 * Rebuilds a JPEG file and checks its hash.
 * @throws PixrnnError 'file-corrupt', 'hash-mismatch', 'limit' for more pixels than `maxPixels`
 */
export async function decodeJpeg(
  file: JpegFile,
  coding: JpegCoding,
  maxPixels: number = MAX_PIXELS,
): Promise<Uint8Array> {
  const record = await recordOf(file);
  const records = inOrder(record);
  requireImages(records, maxPixels);
  const bytes = await rebuildJpeg(record, file.coefficients, file.effort, coding);
  if (equalBytes(sha256(bytes), file.digest)) return bytes;
  throw new PixrnnError('hash-mismatch', 'it does not restore the file that was compressed. Get the file again.');
}

/**
 * Rejects images that need more memory than those of a file with `maxPixels` pixels and as much nested in it.
 * @throws PixrnnError 'limit'
 */
export function requireImages(records: readonly JpegRecord[], maxPixels: number): void {
  const sum = (of: (shape: JpegShape) => number): number => records.reduce((all, { shape }) => all + of(shape), 0);
  const pixels = sum(({ width, height }) => width * height);
  const coefficients = BLOCK_SIZE * sum(blocksOf);
  if (pixels <= 2 * maxPixels && coefficients <= COEFFICIENTS_PER_PIXEL * maxPixels + MAX_PADDING) return;
  const what = `its images have ${pixels} pixels and ${coefficients} coefficients in all`;
  throw new PixrnnError('limit', `${what}. If you trust the file, raise maxPixels.`, { option: 'maxPixels' });
}

/**
 * Rebuilds a JPEG file from its record and the coefficients of its images, without checking its hash. Coefficients that
 * are null are lost: they are replaced by zeros, which make a gray image.
 */
export async function rebuildJpeg(
  record: JpegRecord,
  coefficients: readonly (Uint8Array | null)[],
  effort: JpegEffort,
  coding: JpegCoding,
): Promise<Uint8Array> {
  const options = jobOptions(
    inOrder(record).map(({ shape }) => shape),
    coding,
  );
  const next = coefficients.values();
  const decode = async ({ structure, literals, shape, nested: inner }: JpegRecord): Promise<ParsedJpeg> => {
    const payload = next.next().value ?? null;
    const job = (coded: Uint8Array) => () => ({ kind: 'decode-jpeg', shape, payload: coded.slice(), effort }) as const;
    const image = payload === null ? allocateImage(shape) : await coding.pool.runPlain(job(payload), options());
    const nested: ParsedJpeg[] = [];
    for (const one of inner) nested.push(await decode(one));
    return { image, structure, literals, nested };
  };
  return writeJpeg(await decode(record));
}

/** Returns a function that returns the options of each image's job; progress is summed over the jobs, one after the other. */
function jobOptions(images: readonly JpegShape[], { signal, onProgress }: JpegCoding): () => JobOptions {
  const blocks = images.reduce((sum, image) => sum + blocksOf(image), 0);
  const pixels = images.reduce((sum, { width, height }) => sum + width * height, 0);
  let done = 0;
  return () => {
    let before = 0;
    const onRows = (now: number): void => {
      done += now - before;
      before = now;
      onProgress?.(Math.floor((pixels * done) / blocks), pixels);
    };
    return { signal, onRows };
  };
}
