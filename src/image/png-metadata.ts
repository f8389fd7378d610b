import { compressBrotli, decompressBrotli } from '../brotli.js';
import { concatBytes, latin1Text, viewOf } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import { chunkHead, isAncillary, type PngChunk } from './png-chunks.js';
import { type RasterShape, channelsName } from './raster.js';

/**
 * A PNG file without its image: everything needed to restore the original's metadata. Chunks are verbatim and in their
 * original order. PLTE and tRNS are included: the samples of a palette image are indices, and a transparent colour is a
 * sample value.
 */
export interface PngMetadata {
  beforeImage: PngChunk[];
  afterImage: PngChunk[];
  /** Bytes after the end of the PNG file. */
  trailing: Uint8Array;
}

/** First byte of a payload, which distinguishes kinds of metadata: 1 is PNG chunks compressed with Brotli. */
const KIND_PNG = 1;

/** Chunks of APNG, which are not kept: a .prnn file stores one image. */
export const ANIMATION_CHUNKS = ['acTL', 'fcTL', 'fdAT'];

/** Limit in bytes before compression, for writing and reading, so that everything written can be read. */
export const MAX_METADATA = 64 * 1024 * 1024;

/**
 * Maximum number of chunks: 64 MiB of empty chunks would decompress from a hundred bytes and need gigabytes as objects.
 */
export const MAX_RECORDS = 65536;

export const NO_METADATA: PngMetadata = { beforeImage: [], afterImage: [], trailing: new Uint8Array(0) };

/** Returns all chunks of a PNG file except the header and the image. */
export function collectMetadata(chunks: PngChunk[], trailing: Uint8Array): PngMetadata {
  const isMetadata = ({ type }: PngChunk): boolean => isAncillary(type) || type === 'PLTE';
  const image = chunks.findIndex(({ type }) => type === 'IDAT');
  return {
    beforeImage: chunks.slice(0, image).filter(isMetadata),
    afterImage: chunks.slice(image).filter(isMetadata),
    trailing,
  };
}

/**
 * Returns a payload for a .prnn file, or null if there is nothing to keep. After the kind byte it contains a Brotli
 * stream of records (length, 4 bytes big-endian; type, 4 letters; data): the chunks in order, an empty IDAT at the
 * image's position if chunks follow it, and trailing bytes as the data of an IEND.
 * @throws PixrnnError 'limit'
 */
export async function packMetadata(metadata: PngMetadata): Promise<Uint8Array | null> {
  const records = [...metadata.beforeImage];
  if (metadata.afterImage.length > 0) records.push({ type: 'IDAT', data: new Uint8Array(0) }, ...metadata.afterImage);
  if (metadata.trailing.length > 0) records.push({ type: 'IEND', data: metadata.trailing });
  if (records.length === 0) return null;
  if (records.length > MAX_RECORDS) {
    throw new PixrnnError('limit', `it has more than ${MAX_RECORDS} metadata chunks. Remove them with stripMetadata.`, {
      option: 'stripMetadata',
    });
  }

  const plain = concatBytes(records.flatMap(({ type, data }) => [chunkHead(type, data.length), data]));
  if (plain.length > MAX_METADATA) {
    throw new PixrnnError('limit', 'its metadata is larger than 64 MiB. Remove it with stripMetadata.', {
      option: 'stripMetadata',
    });
  }
  return concatBytes([Uint8Array.of(KIND_PNG), await compressBrotli(plain)]);
}

/**
 * Inverse of `packMetadata`.
 * @throws PixrnnError 'file-corrupt'
 */
export async function unpackMetadata(payload: Uint8Array): Promise<PngMetadata> {
  if (payload[0] !== KIND_PNG) throw corrupt();
  const plain = await decompressBrotli(payload.subarray(1), MAX_METADATA).catch((error: unknown) => {
    throw new PixrnnError('file-corrupt', 'its metadata cannot be decompressed. Get the file again.', { cause: error });
  });
  return sortRecords(readRecords(plain));
}

function readRecords(plain: Uint8Array): PngChunk[] {
  const view = viewOf(plain);
  const records: PngChunk[] = [];
  for (let offset = 0; offset < plain.length;) {
    if (plain.length - offset < 8) throw corrupt();
    const length = view.getUint32(offset);
    const type = latin1Text(plain.subarray(offset + 4, offset + 8));
    if (length > plain.length - offset - 8 || !/^[A-Za-z]{4}$/.test(type)) throw corrupt();
    if (records.length === MAX_RECORDS) throw corrupt();
    records.push({ type, data: plain.subarray(offset + 8, offset + 8 + length) });
    offset += 8 + length;
  }
  if (records.length === 0) throw corrupt(); // packMetadata never writes an empty list
  return records;
}

function sortRecords(records: PngChunk[]): PngMetadata {
  const metadata: PngMetadata = { beforeImage: [], afterImage: [], trailing: new Uint8Array(0) };
  let place = metadata.beforeImage;
  for (const [index, record] of records.entries()) {
    if (record.type === 'IEND' && index === records.length - 1) metadata.trailing = record.data;
    else if (record.type === 'IDAT' && place === metadata.beforeImage && record.data.length === 0) {
      place = metadata.afterImage;
    } else if (isAllowed(record.type, place === metadata.beforeImage)) place.push(record);
    else throw corrupt();
  }
  return metadata;
}

/**
 * PLTE and tRNS may only precede the image; `colourChunkProblem` checks that they fit it. Animation chunks are never
 * restored.
 */
function isAllowed(type: string, beforeImage: boolean): boolean {
  if (type === 'PLTE' || type === 'tRNS') return beforeImage;
  return isAncillary(type) && !ANIMATION_CHUNKS.includes(type);
}

/**
 * Returns the first problem of PLTE and tRNS for an image of this shape, as "its tRNS chunk ...", or null. An indexed
 * image needs exactly one palette; tRNS is optional, of the size that the colour type requires, after the palette.
 */
export function colourChunkProblem({ beforeImage, afterImage }: PngMetadata, shape: RasterShape): string | null {
  const { channels, depth, indexed } = shape;
  const of = (type: string): PngChunk[] => beforeImage.filter((chunk) => chunk.type === type);
  const [palettes, keys] = [of('PLTE'), of('tRNS')];
  if (indexed) {
    if (palettes.length !== 1) return `it has ${palettes.length === 0 ? 'no' : 'more than one'} PLTE chunk`;
    const bytes = palettes[0]!.data.length;
    if (bytes === 0 || bytes % 3 !== 0 || bytes > 768) return `its PLTE chunk has ${bytes} bytes, not 3 per colour`;
  }
  if (afterImage.some(({ type }) => type === 'tRNS')) return 'its tRNS chunk follows the image data';
  if (keys.length === 0) return null;
  if (keys.length > 1) return 'it has more than one tRNS chunk';
  const name = `${depth}-bit ${channelsName(channels, indexed)}`;
  if (channels === 2 || channels === 4) return `it has both a tRNS chunk and an alpha channel`;
  const bytes = keys[0]!.data.length;
  if (!indexed) return bytes === 2 * channels ? null : `its tRNS chunk has ${bytes} bytes, which does not fit ${name}`;
  if (beforeImage.indexOf(keys[0]!) < beforeImage.indexOf(palettes[0]!)) return 'its tRNS chunk precedes PLTE';
  const colours = palettes[0]!.data.length / 3;
  return bytes <= colours ? null : `its tRNS chunk has ${bytes} bytes for a palette of ${colours} colours`;
}

/** Returns only what the image needs: the palette and transparency. */
export function withoutMetadata({ beforeImage }: PngMetadata, { indexed }: RasterShape): PngMetadata {
  const kept = beforeImage.filter(({ type }) => type === 'tRNS' || (type === 'PLTE' && indexed));
  return { ...NO_METADATA, beforeImage: kept };
}

function corrupt(): PixrnnError {
  return new PixrnnError('file-corrupt', 'its metadata is malformed. Get the file again.');
}
