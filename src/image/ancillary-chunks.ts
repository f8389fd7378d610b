import { concatBytes, latin1Bytes, viewOf } from '../bytes.js';
import { host } from '../host/host.js';
import type { PngChunk } from './png-chunks.js';
import type { PngMetadata } from './png-metadata.js';

/*
 * Conversion between the profile, EXIF, XMP and resolution of other formats and the corresponding PNG chunks. All
 * metadata is stored as PNG chunks, so a TIFF file restored as PNG keeps it.
 */

const XMP_KEYWORD = 'XML:com.adobe.xmp';

/** Profiles, EXIF and XMP that inflate to more bytes are not written to other formats. */
export const MAX_INFLATED = 64 * 1024 * 1024;

/** Metadata of formats other than PNG. */
export interface Extras {
  /** An ICC profile. */
  readonly icc?: Uint8Array | undefined;
  /** Starts at the TIFF header, without "Exif\0\0". */
  readonly exif?: Uint8Array | undefined;
  /** An XMP packet, UTF-8. */
  readonly xmp?: Uint8Array | undefined;
  /** Pixels per metre, horizontally and vertically. */
  readonly resolution?: readonly [number, number] | undefined;
  /** A comment, Latin-1. */
  readonly comment?: Uint8Array | undefined;
}

/** Returns the chunks for this metadata, in an order that PNG allows: the profile precedes the palette. */
export function chunksOf({ icc, exif, xmp, resolution, comment }: Extras): PngChunk[] {
  const chunks: PngChunk[] = [];
  if (icc) chunks.push({ type: 'iCCP', data: concatBytes([latin1Bytes('ICC profile\0\0'), deflated(icc)]) });
  if (resolution) {
    const data = new Uint8Array(9);
    resolution.forEach((perMetre, axis) => viewOf(data).setUint32(axis * 4, perMetre));
    data[8] = 1;
    chunks.push({ type: 'pHYs', data });
  }
  if (exif) chunks.push({ type: 'eXIf', data: withoutPrefix(exif) });
  if (xmp) chunks.push({ type: 'iTXt', data: concatBytes([latin1Bytes(`${XMP_KEYWORD}\0\0\0\0\0`), xmp]) });
  if (comment) chunks.push({ type: 'tEXt', data: concatBytes([latin1Bytes('Comment\0'), comment]) });
  return chunks;
}

/** Returns a significant-bits chunk with one number per channel. */
export function significantBits(bits: readonly number[]): PngChunk {
  return { type: 'sBIT', data: Uint8Array.from(bits) };
}

/** Returns the resolution for a pHYs chunk in pixels per metre, or undefined if the file's values are unusable. */
export function perMetre(x: number, y: number): readonly [number, number] | undefined {
  const [across, down] = [Math.round(x), Math.round(y)];
  const isUsable = (n: number): boolean => n >= 1 && n < 2 ** 31;
  return isUsable(across) && isUsable(down) ? [across, down] : undefined;
}

/** Returns the metadata that other formats can store; malformed chunks are skipped. */
export function extrasOf({ beforeImage, afterImage }: PngMetadata): Extras {
  const chunks = [...beforeImage, ...afterImage];
  const find = (type: string): Uint8Array | undefined => chunks.find((chunk) => chunk.type === type)?.data;
  const pixels = find('pHYs');
  const view = pixels && viewOf(pixels);
  const inMetres = view?.byteLength === 9 && view.getUint8(8) === 1;
  const xmp = chunks.filter(({ type }) => type === 'iTXt').map(({ data }) => xmpOf(data));
  return {
    icc: profileOf(find('iCCP')),
    exif: find('eXIf'),
    xmp: xmp.find((packet) => packet !== undefined),
    resolution: inMetres ? [view.getUint32(0), view.getUint32(4)] : undefined,
  };
}

/** Types of chunks that `extrasOf` converts. */
export const CARRIED_CHUNKS = ['iCCP', 'eXIf', 'pHYs'];

/** Returns the XMP packet of an iTXt chunk, if it contains one. */
export function xmpOf(text: Uint8Array): Uint8Array | undefined {
  const keyword = latin1Bytes(`${XMP_KEYWORD}\0`);
  if (!text.subarray(0, keyword.length).every((byte, index) => byte === keyword[index])) return undefined;
  const compressed = text[keyword.length] === 1;
  const language = text.indexOf(0, keyword.length + 2);
  const translated = language < 0 ? -1 : text.indexOf(0, language + 1);
  if (translated < 0) return undefined;
  const packet = text.subarray(translated + 1);
  return compressed ? inflated(packet) : packet;
}

function profileOf(chunk: Uint8Array | undefined): Uint8Array | undefined {
  const name = chunk?.indexOf(0) ?? -1;
  return chunk && name >= 0 && chunk[name + 1] === 0 ? inflated(chunk.subarray(name + 2)) : undefined;
}

function deflated(bytes: Uint8Array): Uint8Array {
  return host().zlib.deflateSync(bytes, { level: 9 });
}

function inflated(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return host().zlib.inflate(bytes, MAX_INFLATED).bytes;
  } catch {
    return undefined;
  }
}

function withoutPrefix(exif: Uint8Array): Uint8Array {
  return latin1Bytes('Exif\0\0').every((byte, index) => exif[index] === byte) ? exif.subarray(6) : exif;
}
