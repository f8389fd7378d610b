import { concatBytes, latin1Text } from '../bytes.js';
import { counted } from '../counted.js';
import { chunksOf } from './ancillary-chunks.js';
import { gifLzw } from '../packing/lzw-codes.js';
import { decodeLzw } from '../packing/lzw-decode.js';
import type { PngChunk } from './png-chunks.js';
import { NO_METADATA } from './png-metadata.js';
import type { Raster } from './raster.js';
import { checkSize, unreadable, unsupported } from './refusals.js';
import { type Decoded, type ReaderOptions, plainSource } from './source.js';

/** The first image of a GIF file, still compressed, and the file's other data. */
interface GifFile {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly first: GifFrame;
  readonly icc: Uint8Array | undefined;
  readonly xmp: Uint8Array | undefined;
  readonly comment: Uint8Array | undefined;
}

/** A frame of a GIF file. */
export interface GifFrame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly interlaced: boolean;
  /** Red, green, blue of each colour. */
  readonly palette: Uint8Array;
  readonly transparent: number | null;
  readonly minimumBits: number;
  readonly data: Uint8Array;
  /** Where its image data lie in the file, from `minimumBits` to the empty block. */
  readonly start: number;
  readonly end: number;
}

/** First row and step of each of GIF's four passes. */
export const GIF_PASSES = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
] as const;

/**
 * Reads a GIF file (GIF89a specification) as an 8-bit palette image: indices, palette, and tRNS for the transparent
 * index. The part of the screen that the frame does not cover becomes transparent. Profile, XMP and comments are kept.
 * @throws PixrnnError 'input-unreadable', 'input-unsupported', 'limit'
 */
export function readGif(input: Uint8Array, { maxPixels, firstFrame }: ReaderOptions): Decoded {
  const { width, height, frames, first, ...extras } = new GifReader(input).read();
  if (frames > 1 && !firstFrame) {
    throw unsupported(
      `it is an animated GIF of ${frames} frames`,
      'Use firstFrame to read only its first frame.',
      'firstFrame',
    );
  }
  checkSize(width, height, 1, maxPixels);
  const indices = decodeFrame(first);
  const covers = first.x === 0 && first.y === 0 && first.width === width && first.height === height;
  const palette = covers ? first : withTransparency(first);
  const samples = covers ? indices : new Uint8Array(width * height).fill(palette.transparent!);
  if (!covers) place(indices, first, samples, width, height);
  const raster: Raster = { width, height, channels: 1, depth: 8, indexed: true, samples };
  const { icc, ...others } = extras;
  const metadata = {
    ...NO_METADATA,
    beforeImage: [...chunksOf({ icc }), ...paletteChunks(palette), ...chunksOf(others)],
  };
  const warnings = frames > 1 ? [`only the first of ${frames} frames is kept`] : [];
  return { raster, metadata, source: plainSource('GIF', { pages: frames, warnings }) };
}

/**
 * Returns the first frame of a GIF file.
 * @throws PixrnnError 'input-unreadable', 'input-unsupported'
 */
export function firstGifFrame(input: Uint8Array): GifFrame {
  return new GifReader(input).read().first;
}

type Palette = Pick<GifFrame, 'palette' | 'transparent'>;

/** Returns the palette with a transparent index: the existing one, or an additional one. */
function withTransparency({ palette, transparent }: Palette): Palette {
  if (transparent !== null) return { palette, transparent };
  if (palette.length === 768) {
    throw unsupported(
      'GIF files with 256 colours whose frame is smaller than their screen are not supported',
      'Crop the screen to the frame, or convert the file to PNG.',
    );
  }
  return { palette: concatBytes([palette, new Uint8Array(3)]), transparent: palette.length / 3 };
}

function paletteChunks({ palette, transparent }: Palette): PngChunk[] {
  const colours: PngChunk = { type: 'PLTE', data: palette };
  if (transparent === null || transparent >= palette.length / 3) return [colours];
  const alpha = new Uint8Array(transparent + 1).fill(255);
  alpha[transparent] = 0;
  return [colours, { type: 'tRNS', data: alpha }];
}

function decodeFrame({ width, height, interlaced, minimumBits, data }: GifFrame): Uint8Array {
  let indices: Uint8Array;
  try {
    indices = decodeLzw(data, gifLzw(minimumBits), width * height);
  } catch (error) {
    throw unreadable(`the image data of the GIF file is damaged: ${(error as RangeError).message}`, error);
  }
  if (!interlaced) return indices;
  const rows = new Uint8Array(indices.length);
  let from = 0;
  for (const [start, step] of GIF_PASSES) {
    for (let y = start; y < height; y += step) {
      rows.set(indices.subarray(from, from + width), y * width);
      from += width;
    }
  }
  return rows;
}

/** Copies a frame to its position; the reader has checked that it is inside the screen. */
function place(indices: Uint8Array, frame: GifFrame, samples: Uint8Array, width: number, height: number): void {
  for (let y = 0; y < frame.height && frame.y + y < height; y++) {
    samples.set(indices.subarray(y * frame.width, (y + 1) * frame.width), (frame.y + y) * width + frame.x);
  }
}

/** Parser of a file's blocks. */
class GifReader {
  private at = 6; // after the signature
  private comments: Uint8Array[] = [];
  private icc: Uint8Array | undefined;
  private xmp: Uint8Array | undefined;
  private transparent: number | null = null;

  constructor(private readonly input: Uint8Array) {}

  read(): GifFile {
    const [width, height, flags] = [this.word(), this.word(), this.byte()];
    if (width === 0 || height === 0) throw damaged(`its header gives a size of ${width} x ${height} pixels`);
    this.at += 2;
    const shared = flags & 0x80 ? this.bytes(3 << ((flags & 7) + 1)) : undefined;
    let first: GifFrame | undefined;
    let frames = 0;
    for (let block = this.byte(); block !== 0x3b; block = this.byte()) {
      if (block === 0x21) this.extension();
      else if (block === 0x2c) {
        const frame = this.frame(shared);
        if (frame.x + frame.width > width || frame.y + frame.height > height)
          throw damaged('a frame extends beyond the screen');
        first ??= frame;
        frames++;
      } else throw damaged(`no block begins at byte ${this.at - 1}`);
    }
    if (!first) throw damaged('it contains no image');
    const comment = this.comments.length > 0 ? concatBytes(this.comments).filter((byte) => byte !== 0) : undefined;
    return { width, height, frames, first, icc: this.icc, xmp: this.xmp, comment };
  }

  private extension(): void {
    const label = this.byte();
    if (label === 0xff) {
      const name = latin1Text(this.bytes(this.byte()));
      if (name === 'XMP DataXMP') this.xmp = this.packet();
      else if (name === 'ICCRGBG1012') this.icc = this.blocks();
      else this.blocks();
      return;
    }
    const data = this.blocks();
    if (label === 0xfe) this.comments.push(data);
    else if (label === 0xf9) this.transparent = data[0]! & 1 ? data[3]! : null;
    else if (label === 0x01)
      throw unsupported('GIF files with plain text extensions are not supported', 'Convert the file to PNG.');
  }

  private frame(shared: Uint8Array | undefined): GifFrame {
    const [x, y, width, height, flags] = [this.word(), this.word(), this.word(), this.word(), this.byte()];
    if (width === 0 || height === 0) throw damaged(`a frame has a size of ${width} x ${height} pixels`);
    const palette = flags & 0x80 ? this.bytes(3 << ((flags & 7) + 1)) : shared;
    if (!palette) throw damaged('a frame has no palette');
    const start = this.at;
    const minimumBits = this.byte();
    if (minimumBits < 1 || minimumBits > 8) throw damaged(`a frame has indices of ${minimumBits} bits`);
    const data = this.blocks();
    const { transparent, at: end } = this;
    this.transparent = null; // applies to one frame only
    const interlaced = (flags & 0x40) !== 0;
    return { x, y, width, height, interlaced, palette, transparent, minimumBits, data, start, end };
  }

  /** Reads data split into blocks of up to 255 bytes. */
  private blocks(): Uint8Array {
    const parts: Uint8Array[] = [];
    for (let length = this.byte(); length > 0; length = this.byte()) parts.push(this.bytes(length));
    return concatBytes(parts);
  }

  /** Reads XMP, which is not split into blocks; it is followed by 257 bytes that let block readers find its end. */
  private packet(): Uint8Array {
    const start = this.at;
    this.blocks();
    const packet = this.input.subarray(start, Math.max(start, this.at - 258));
    return packet;
  }

  private byte(): number {
    return this.bytes(1)[0]!;
  }

  private word(): number {
    const [low, high] = this.bytes(2);
    return low! | (high! << 8);
  }

  private bytes(count: number): Uint8Array {
    if (this.at + count > this.input.length)
      throw unreadable(`the GIF file is cut off after ${counted(this.input.length, 'byte')}`);
    this.at += count;
    return this.input.subarray(this.at - count, this.at);
  }
}

function damaged(what: string): Error {
  return unreadable(`the GIF file is damaged: ${what}`);
}
