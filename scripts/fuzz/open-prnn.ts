import { brotliDecompressSync } from 'node:zlib';
import { ByteReader } from '#pixrnn/byte-reader.js';
import { concatBytes } from '#pixrnn/bytes.js';
import { DIGEST_BYTES, SOURCE_DIGEST_BYTES } from '#pixrnn/codec/check.js';
import { type Container, isStored, parseFile, type TileChunk } from '#pixrnn/codec/container.js';
import { encodeHeader, encodeJpegHeader, encodeStoredHeader } from '#pixrnn/codec/container-header.js';
import {
  MAGIC,
  payloadsOf,
  SAMPLES_CRC_BYTES,
  smallCount,
  TYPE_COEFFICIENTS,
  TYPE_METADATA,
  TYPE_RECIPE,
  TYPE_SMALL,
  TYPE_VALUES,
} from '#pixrnn/codec/container-layout.js';
import { CHECK_BYTES } from '#pixrnn/crc32.js';
import { outlineOf } from '#pixrnn/jpeg/outline.js';
import { encodeVarint } from '#pixrnn/varint.js';
import { joinParts, type Part } from './parts.js';
import { TAG } from './prnn-tags.js';

/** Returns the open form of a valid .prnn file. */
export function openPrnn(bytes: Uint8Array): Uint8Array {
  const file = parseFile(bytes);
  const picture = file.preview?.picture ?? new Uint8Array(0);
  const parts: Part[] = [];
  const add = (tag: string, ...fields: Uint8Array[]): void => void parts.push({ tag, bytes: concatBytes(fields) });
  const addHeader = (tag: string, header: Uint8Array): void => {
    add(tag, header.subarray(MAGIC.length));
    if (picture.length > 0) add(TAG.picture, picture);
  };
  if ('source' in file) {
    const { fields, omitted } = encodeStoredHeader(file, file.source, picture.length);
    addHeader(picture.length > 0 ? TAG.header : TAG.uncheckedHeader, fields);
    add(TAG.source, file.source.subarray(omitted));
  } else if ('record' in file) {
    addHeader(TAG.header, encodeJpegHeader(file, picture.length));
    const reader = new ByteReader(brotliDecompressSync(file.record));
    while (reader.remaining > 0) {
      const structure = reader.take(reader.varint());
      add(TAG.structure, structure);
      add(TAG.literals, reader.take(outlineOf(structure).literalBytes));
    }
    for (const payload of file.coefficients) add(TAG.chunk, Uint8Array.of(TYPE_COEFFICIENTS), payload);
    add(TAG.verbatim, file.digest);
  } else {
    const { restoration } = file;
    addHeader(TAG.header, encodeHeader(file.header, restoration?.extension ?? null, picture.length));
    for (const payload of file.metadata) add(TAG.metadata, brotliDecompressSync(payload.subarray(1)));
    if (restoration) add(TAG.packed, Uint8Array.of(TYPE_RECIPE), brotliDecompressSync(restoration.recipe));
    if (file.activeAlphabet) add(TAG.packed, Uint8Array.of(TYPE_VALUES), brotliDecompressSync(file.activeAlphabet));
    addTiles(file, bytes, add);
    add(TAG.verbatim, file.digest);
    if (restoration) add(TAG.verbatim, restoration.digest);
  }
  return joinParts(parts);
}

/** Adds the chunks of small images and of tiles, as the file has them. */
function addTiles(file: Container, bytes: Uint8Array, add: (tag: string, ...fields: Uint8Array[]) => void): void {
  if (isStored(file.image)) throw new Error('the file codes no tiles');
  const tiles: readonly TileChunk[] = file.image;
  for (let scale = 0; scale < smallCount(tiles); scale++) {
    const payloads = tiles.map(({ colours }) => payloadsOf(colours)[scale]!);
    add(
      TAG.small,
      Uint8Array.of(TYPE_SMALL),
      ...payloads.flatMap((payload) => [Uint8Array.from(encodeVarint(payload.length)), payload]),
    );
  }
  // Where the first tile begins: everything after it, but the digests, is tiles.
  const digests = DIGEST_BYTES + (file.restoration ? SOURCE_DIGEST_BYTES : 0);
  const end = bytes.length - digests;
  for (let at = firstTile(bytes, file); at < end;) {
    const reader = new ByteReader(bytes.subarray(at, end));
    const type = reader.take(1);
    const length = reader.varint();
    const crc = reader.take(tiles.length > 1 ? SAMPLES_CRC_BYTES : 0);
    add(tiles.length > 1 ? TAG.tile : TAG.chunk, type, crc, reader.take(length));
    at += reader.offset + CHECK_BYTES;
  }
}

/** Returns the position of the first tile: after the header, the picture and the chunks before the tiles. */
function firstTile(bytes: Uint8Array, file: Container): number {
  const { header, restoration, preview } = file;
  const picture = preview?.picture.length ?? 0;
  let at =
    encodeHeader(header, restoration?.extension ?? null, picture).length +
    CHECK_BYTES +
    (picture > 0 ? picture + CHECK_BYTES : 0);
  for (;;) {
    const reader = new ByteReader(bytes.subarray(at));
    const type = reader.uint(1);
    if (type === TYPE_METADATA || type === TYPE_RECIPE || type === TYPE_VALUES) reader.take(reader.varint());
    else if (type === TYPE_SMALL) (file.image as readonly TileChunk[]).forEach(() => reader.take(reader.varint()));
    else return at;
    at += reader.offset + CHECK_BYTES;
  }
}
