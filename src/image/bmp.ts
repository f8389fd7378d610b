import { counted, countedWith } from '../counted.js';
import { packedLength, unpackSamples } from '../samples.js';
import { chunksOf, perMetre, significantBits } from './ancillary-chunks.js';
import { NO_METADATA } from './png-metadata.js';
import type { PngChunk } from './png-chunks.js';
import type { Raster } from './raster.js';
import { checkSize, unreadable, unsupported } from './refusals.js';
import { rounded } from './sample-scale.js';
import { type Decoded, type ReaderOptions, plainSource } from './source.js';

const FILE_HEADER = 14;
/** Compressions of BMP files. */
export const [BI_RGB, BI_RLE8, BI_RLE4, BI_BITFIELDS, BI_ALPHABITFIELDS] = [0, 1, 2, 3, 6];

/** The info header of a BMP file, any version. */
export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  /** Whether rows run from top to bottom; in most files they run from bottom to top. */
  readonly topDown: boolean;
  readonly bits: number;
  readonly compression: number;
  /** Offset of the pixels. */
  readonly pixels: number;
  /** Masks of red, green, blue and alpha in 16- and 32-bit pixels. */
  readonly masks: readonly number[];
  readonly palette: { readonly start: number; readonly entryBytes: number; readonly colours: number };
  readonly resolution: readonly [number, number] | undefined;
  readonly icc: Uint8Array | undefined;
}

/**
 * Reads a BMP file. Palettes of 1, 4 and 8 bits, including run lengths, become palette images; 16, 24 and 32 bits
 * become RGB, or RGBA if there is an alpha mask. Fields of fewer than 8 bits are scaled as in PNG, with an sBIT chunk.
 * @throws PixrnnError 'input-unreadable', 'input-unsupported', 'limit'
 */
export function readBmp(input: Uint8Array, { maxPixels }: ReaderOptions): Decoded {
  const header = readBmpHeader(input);
  const { width, height, bits, icc, resolution } = header;
  const channels = bits <= 8 ? 1 : 4;
  checkSize(width, height, channels, maxPixels);
  const isRle = header.compression === BI_RLE8 || header.compression === BI_RLE4;
  const missing = header.pixels + Math.ceil((width * bits) / 32) * 4 * height - input.length;
  if (!isRle && missing > 0)
    throw unreadable(`the BMP file is cut off: ${countedWith(missing, 'byte', 'are missing')}`);
  const { raster, chunks, warnings = [] } = bits <= 8 ? readIndices(input, header, isRle) : readColours(input, header);
  const [profile, others] = [chunksOf({ icc }), chunksOf({ resolution })];
  const metadata = { ...NO_METADATA, beforeImage: [...profile, ...chunks, ...others] };
  return { raster, metadata, source: plainSource('BMP', { warnings }) };
}

interface Pixels {
  raster: Raster;
  chunks: PngChunk[];
  warnings?: string[];
}

/**
 * Reads the headers of a BMP file.
 * @throws PixrnnError 'input-unreadable', 'input-unsupported'
 */
export function readBmpHeader(input: Uint8Array): BmpHeader {
  if (input.length < FILE_HEADER + 12)
    throw unreadable(`the BMP file is cut off after ${counted(input.length, 'byte')}`);
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const size = view.getUint32(FILE_HEADER, true);
  if (size !== 12 && (size < 40 || size > 124))
    throw unsupported(`BMP files with a header of ${size} bytes are not supported`, ADVICE);
  if (input.length < FILE_HEADER + size)
    throw unreadable(`the BMP file is cut off after ${counted(input.length, 'byte')}`);
  const core = size === 12; // OS/2 1.x
  const field = (offset: number): number => view.getInt32(FILE_HEADER + offset, true);
  const width = core ? view.getUint16(18, true) : field(4);
  const height = core ? view.getUint16(20, true) : field(8);
  const bits = view.getUint16(FILE_HEADER + (core ? 10 : 14), true);
  const compression = core ? BI_RGB : field(16);
  if (width < 1 || height === 0 || height === -(2 ** 31))
    throw damaged(`its header gives a size of ${width} x ${height} pixels`);
  checkCoding(bits, compression);
  const hasMasks = compression === BI_BITFIELDS || compression === BI_ALPHABITFIELDS;
  const maskBytes = hasMasks && size === 40 ? (compression === BI_ALPHABITFIELDS ? 16 : 12) : 0;
  const used = core ? 0 : field(32);
  if (input.length < FILE_HEADER + size + maskBytes) throw damaged('its header is cut off');
  const maskCount = maskBytes / 4 || (size >= 56 ? 4 : 3);
  const masks = Array.from({ length: 4 }, (_, i) => (i < maskCount && hasMasks ? view.getUint32(54 + 4 * i, true) : 0));
  const profile = size === 124 && field(56) === 0x4d424544 ? [field(112) + FILE_HEADER, field(116)] : null; // "MBED"
  if (profile && profile[0]! + profile[1]! > input.length) throw damaged('its colour profile is outside the file');
  return {
    width,
    height: Math.abs(height),
    topDown: height < 0,
    bits,
    compression,
    pixels: view.getUint32(10, true),
    masks: hasMasks ? masks : bits === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0],
    palette: {
      start: FILE_HEADER + size + maskBytes,
      entryBytes: core ? 3 : 4,
      colours: used === 0 ? 2 ** Math.min(bits, 8) : used,
    },
    resolution: core ? undefined : perMetre(field(24), field(28)),
    icc: profile ? input.subarray(profile[0], profile[0]! + profile[1]!) : undefined,
  };
}

const ADVICE = 'Convert the file to PNG.';

function checkCoding(bits: number, compression: number): void {
  const allowed = new Map([
    [BI_RGB, [1, 2, 4, 8, 16, 24, 32]],
    [BI_RLE8, [8]],
    [BI_RLE4, [4]],
    [BI_BITFIELDS, [16, 32]],
    [BI_ALPHABITFIELDS, [16, 32]],
  ]).get(compression);
  if (allowed?.includes(bits)) return;
  const name = compression === 4 ? 'JPEG data' : compression === 5 ? 'PNG data' : `compression ${compression}`;
  throw unsupported(`BMP files with ${name} and ${bits} bits per pixel are not supported`, ADVICE);
}

function readIndices(input: Uint8Array, header: BmpHeader, isRle: boolean): Pixels {
  const { width, height, bits, topDown, pixels } = header;
  const { start, entryBytes } = header.palette;
  const colours = Math.min(header.palette.colours, 2 ** bits); // PNG allows no more than 2^depth
  if (header.palette.colours < 0 || start + colours * entryBytes > input.length)
    throw damaged('its palette is cut off');
  const palette = new Uint8Array(colours * 3);
  for (let i = 0; i < colours; i++) {
    for (let c = 0; c < 3; c++) palette[i * 3 + c] = input[start + i * entryBytes + 2 - c]!; // stored as blue, green, red
  }
  const samples = new Uint8Array(width * height);
  const row = (y: number): Uint8Array => {
    const at = (topDown ? y : height - 1 - y) * width;
    return samples.subarray(at, at + width);
  };
  const depth = bits as 1 | 2 | 4 | 8;
  const stride = Math.ceil(packedLength(width, depth) / 4) * 4;
  if (isRle) readRuns(input.subarray(pixels), header, row);
  else for (let y = 0; y < height; y++) unpackSamples(input, pixels + y * stride, depth, row(y));
  const raster: Raster = { width, height, channels: 1, depth, indexed: true, samples };
  return { raster, chunks: [{ type: 'PLTE', data: palette }] };
}

/**
 * Decodes run lengths of 4- or 8-bit indices. Files whose runs skip pixels are rejected: these pixels would have no
 * colour.
 */
function readRuns(data: Uint8Array, { width, height, bits }: BmpHeader, row: (y: number) => Uint8Array): void {
  let [at, x, y] = [0, 0, 0];
  const next = (): number => {
    if (at >= data.length) throw unreadable('the BMP file is cut off: pixels are missing');
    return data[at++]!;
  };
  const put = (index: number): void => {
    if (x >= width || y >= height) throw damaged('a run of pixels extends beyond the image');
    row(y)[x++] = index;
  };
  const endRow = (): void => {
    if (x < width) throw unsupported('BMP files with run lengths that skip pixels are not supported', ADVICE);
    [x, y] = [0, y + 1];
  };
  const nibble = (pair: number, i: number): number => (i % 2 === 0 ? pair >> 4 : pair & 15);
  for (;;) {
    const [count, value] = [next(), next()];
    if (count > 0) {
      for (let i = 0; i < count; i++) put(bits === 8 ? value : nibble(value, i));
    } else if (value === 0) {
      endRow();
    } else if (value === 1) {
      if (y < height && x > 0) endRow();
      if (y < height) throw unsupported('BMP files with run lengths that skip pixels are not supported', ADVICE);
      return;
    } else if (value === 2) {
      throw unsupported('BMP files with run lengths that skip pixels are not supported', ADVICE);
    } else {
      const bytes = Math.ceil((value * bits) / 8);
      const from = at;
      for (let i = 0; i < bytes; i++) next();
      for (let i = 0; i < value; i++) put(bits === 8 ? data[from + i]! : nibble(data[from + (i >> 1)]!, i));
      if (bytes % 2 === 1) next(); // padding
    }
  }
}

function readColours(input: Uint8Array, header: BmpHeader): Pixels {
  const { width, height, bits, topDown, pixels, masks } = header;
  const fields = masks.map(fieldOf);
  const bytes = bits / 8;
  const stride = Math.ceil((width * bytes) / 4) * 4;
  // Without an alpha mask the fourth byte of a 32-bit pixel is undefined; it is kept if any pixel uses it.
  const spare = bits === 32 && masks[3] === 0 && header.compression === BI_RGB;
  if (spare) fields[3] = fieldOf(0xff000000, 3);
  const rgba = new Uint8Array(width * height * 4).fill(255);
  let spareUsed = false;
  for (let y = 0; y < height; y++) {
    let at = pixels + (topDown ? y : height - 1 - y) * stride;
    for (let x = 0; x < width; x++, at += bytes) {
      let pixel = 0;
      for (let i = bytes - 1; i >= 0; i--) pixel = pixel * 256 + input[at + i]!;
      for (let c = 0; c < 4; c++) {
        const { shift, highest } = fields[c]!;
        if (highest === 0) continue;
        const value = Math.floor(pixel / 2 ** shift) & highest;
        rgba[(y * width + x) * 4 + c] = highest === 255 ? value : rounded(value, 255, highest);
        if (c === 3 && spare && value !== 0) spareUsed = true;
      }
    }
  }
  const channels = spare ? (spareUsed ? 4 : 3) : masks[3] === 0 ? 3 : 4;
  const samples = channels === 4 ? rgba : rgba.filter((_, index) => index % 4 !== 3);
  const significant = fields.slice(0, channels).map(({ highest }) => Math.log2(highest + 1));
  const chunks = significant.every((n) => n === 8) ? [] : [significantBits(significant)];
  const warnings = spareUsed ? ['the undefined fourth byte of its pixels is kept as alpha'] : [];
  const raster: Raster = { width, height, channels, depth: 8, indexed: false, samples };
  return { raster, chunks, warnings };
}

/**
 * Returns the shift and the maximum value of a field.
 * @throws PixrnnError unless its bits are contiguous, at most 8, and at least one in the masks 0 to 2
 */
export function fieldOf(mask: number, index: number): { shift: number; highest: number } {
  if (mask === 0) {
    if (index === 3) return { shift: 0, highest: 0 };
    throw unsupported('BMP files with an empty colour mask are not supported', ADVICE);
  }
  const shift = 31 - Math.clz32(mask & -mask);
  const highest = Math.floor(mask / 2 ** shift);
  if ((highest & (highest + 1)) !== 0) throw damaged('the bits of a colour mask are not contiguous');
  if (highest > 255) throw unsupported('BMP files with more than 8 bits per channel are not supported', ADVICE);
  return { shift, highest };
}

function damaged(what: string): Error {
  return unreadable(`the BMP file is damaged: ${what}`);
}
