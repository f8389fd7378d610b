import { compressBrotli, decompressBrotli } from '../brotli.js';
import { ByteReader } from '../byte-reader.js';
import { concatBytes } from '../bytes.js';
import type { JpegShape } from '../jpeg/coefficients.js';
import { corruptRecord } from '../jpeg/faults.js';
import { outlineOf } from '../jpeg/outline.js';
import { MAX_JPEG_BYTES, MAX_NESTING, type ParsedJpeg } from '../jpeg/parsed-jpeg.js';
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

/** Maximum length of the structure of an image, in bytes; parsed, it needs up to 60 times as much memory. */
export const MAX_STRUCTURE = 2 ** 21;
/** Maximum length of all structures. */
const MAX_STRUCTURES = 2 ** 26;

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
  const bytes = await decompressBrotli(payload, MAX_JPEG_BYTES + MAX_STRUCTURES).catch(() => {
    throw corruptRecord('is malformed');
  });
  const reader = ByteReader.ofPart(bytes, 'the JPEG record');
  const record = readRecord(reader, 0);
  if (reader.remaining > 0) throw corruptRecord('is malformed');
  return record;
}

function readRecord(reader: ByteReader, level: number): JpegRecord {
  if (level > MAX_NESTING) throw corruptRecord('is malformed');
  const length = reader.varint();
  if (length > MAX_STRUCTURE) throw corruptRecord('is malformed');
  const structure = reader.take(length);
  const { shape, literalBytes, nested } = outlineOf(structure);
  const literals = reader.take(literalBytes);
  if (nested > reader.remaining) throw corruptRecord('is malformed');
  return { structure, literals, shape, nested: Array.from({ length: nested }, () => readRecord(reader, level + 1)) };
}
