import { concatBytes, latin1Bytes, viewOf } from '../bytes.js';
import { host } from '../host/host.js';
import type { PngChunk } from './png-chunks.js';
import type { PngMetadata } from './png-metadata.js';

/*
 * What other formats know as profile, EXIF, XMP and resolution, as the chunks that PNG has for them, and back. So there
 * is one kind of metadata, and a TIFF file that comes back as PNG has it all.
 */

const XMP_KEYWORD = 'XML:com.adobe.xmp';

/** Profiles, EXIF or XMP that inflate to more are not written to other formats. */
const MAX_INFLATED = 64 * 1024 * 1024;

/** What other formats hold besides the image. */
export interface Extras {
  /** An ICC profile. */
  readonly icc?: Uint8Array | undefined;
  /** From the TIFF header on, without "Exif\0\0". */
  readonly exif?: Uint8Array | undefined;
  /** An XMP packet, UTF-8. */
  readonly xmp?: Uint8Array | undefined;
  /** Pixels per metre, across and down. */
  readonly resolution?: readonly [number, number] | undefined;
  /** A comment, Latin-1. */
  readonly comment?: Uint8Array | undefined;
}

/** The chunks for these, in an order that PNG allows: the profile stands before a palette. */
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

/** A significant-bits chunk, one number for each channel. */
export function significantBits(bits: readonly number[]): PngChunk {
  return { type: 'sBIT', data: Uint8Array.from(bits) };
}

/** Pixels per metre as a pHYs chunk holds them, or nothing where the file's figure is unusable. */
export function perMetre(x: number, y: number): readonly [number, number] | undefined {
  const [across, down] = [Math.round(x), Math.round(y)];
  const isUsable = (n: number): boolean => n >= 1 && n < 2 ** 31;
  return isUsable(across) && isUsable(down) ? [across, down] : undefined;
}

/** What of the chunks other formats can hold; chunks that are not well formed are left out. */
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

/** The types of chunk that extrasOf makes something of. */
export const CARRIED_CHUNKS = ['iCCP', 'eXIf', 'pHYs'];

/** The packet of an iTXt chunk, where it is one for XMP. */
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
