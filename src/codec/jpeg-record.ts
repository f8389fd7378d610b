import { compressBrotli, decompressBrotli } from '../brotli.js';
import { ByteReader } from '../byte-reader.js';
import { concatBytes } from '../bytes.js';
import type { JpegShape } from '../jpeg/coefficients.js';
import { corruptRecord } from '../jpeg/faults.js';
import { outlineOf } from '../jpeg/outline.js';
import { MAX_IMAGES, MAX_NESTING, type ParsedJpeg } from '../jpeg/parsed-jpeg.js';
import { encodeVarint } from '../varint.js';

/*
 * The record of a JPEG file: everything but the coefficients, as Brotli over the records of the image and of the images
 * nested in it, each before those nested in it. A record is the length of the structure, the structure, and as many
 * literal bytes as it says.
 */

/** What a record says about a JPEG image. */
export interface JpegRecord extends Omit<ParsedJpeg, 'image' | 'nested'> {
  readonly shape: JpegShape;
  readonly nested: readonly JpegRecord[];
}

/** Maximum length of all structures of a file together, in bytes; parsed, they need up to 60 times as much memory. */
export const MAX_STRUCTURES = 2 ** 21;
/** Maximum length of the records: literals, structures and their lengths. */
export const MAX_RECORD = 2 ** 28 + 2 ** 22;

/** Returns whether a JPEG file is within the limits of a record. */
export function fitsRecord(parsed: ParsedJpeg): boolean {
  const images = inOrder(parsed);
  const structures = images.reduce((sum, { structure }) => sum + structure.length, 0);
  return images.length <= MAX_IMAGES && structures <= MAX_STRUCTURES;
}

/** Returns the payload of the record of a JPEG file. */
export function packJpegRecord(parsed: ParsedJpeg): Promise<Uint8Array> {
  const parts = inOrder(parsed).flatMap(({ structure, literals }) => [
    Uint8Array.from(encodeVarint(structure.length)),
    structure,
    literals,
  ]);
  return compressBrotli(concatBytes(parts));
}

/** Returns an image and those nested in it, each before those nested in it. */
export function inOrder<T extends { readonly nested: readonly T[] }>(image: T): T[] {
  return [image, ...image.nested.flatMap(inOrder)];
}

/**
 * Parses the payload of a record.
 * @throws PixrnnError 'file-corrupt'
 */
export async function unpackJpegRecord(payload: Uint8Array): Promise<JpegRecord> {
  const bytes = await decompressBrotli(payload, MAX_RECORD).catch(() => {
    throw corruptRecord('is malformed');
  });
  const reader = ByteReader.ofPart(bytes, 'the JPEG record');
  const record = readRecord(reader, 0, { images: MAX_IMAGES, structures: MAX_STRUCTURES });
  if (reader.remaining > 0) throw corruptRecord('is malformed');
  return record;
}

/** @param left how many images, and bytes of structures, may follow: each needs far more memory than its bytes */
function readRecord(reader: ByteReader, level: number, left: { images: number; structures: number }): JpegRecord {
  const length = reader.varint();
  left.images--;
  left.structures -= length;
  if (level > MAX_NESTING || left.images < 0 || left.structures < 0) throw corruptRecord('is malformed');
  const structure = reader.take(length);
  const { shape, literalBytes, nested } = outlineOf(structure);
  const literals = reader.take(literalBytes);
  const inner: JpegRecord[] = [];
  for (let i = 0; i < nested; i++) inner.push(readRecord(reader, level + 1, left));
  return { structure, literals, shape, nested: inner };
}
