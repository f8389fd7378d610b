import { latin1Bytes, latin1Text } from '../bytes.js';
import { countedWith } from '../counted.js';
import { allocateSamples, packedLength, type Channels, type Depth, type Samples, unpackSamples } from '../samples.js';
import { chunksOf } from './ancillary-chunks.js';
import { NO_METADATA } from './png-metadata.js';
import { checkSize, unreadable, unsupported } from './refusals.js';
import { depthFor, highestChunks, scaleUp } from './sample-scale.js';
import { type Decoded, type ReaderOptions, plainSource } from './source.js';

/** The header of one image (netpbm's pbm, pgm, ppm and pam pages). */
export interface PnmHeader {
  /** The digit of "P1" to "P7". */
  readonly kind: number;
  readonly width: number;
  readonly height: number;
  readonly channels: Channels;
  /** Maximum sample value, 1 to 65,535. */
  readonly highest: number;
  readonly comment: string;
  /** Offset of the samples. */
  readonly start: number;
}

/** PAM tuple types that correspond to a PNG colour type. */
const TUPLE_TYPES = new Map<string, Channels>([
  ['BLACKANDWHITE', 1],
  ['GRAYSCALE', 1],
  ['RGB', 3],
  ['BLACKANDWHITE_ALPHA', 2],
  ['GRAYSCALE_ALPHA', 2],
  ['RGB_ALPHA', 4],
]);

/**
 * Reads a PBM, PGM, PPM or PAM file, binary or plain, of any maximum sample value (see sample-scale.ts). Comments in
 * the header are kept as one text chunk.
 * @throws PixrnnError 'input-unreadable', 'input-unsupported', 'limit'
 */
export function readPnm(input: Uint8Array, options: ReaderOptions): Decoded {
  const headers = readPnmHeaders(input);
  const pages = headers.length;
  if (pages > 1 && options.page === null) {
    throw unsupported(`it is a PNM file with ${pages} images`, 'Select one of them with page.', 'page');
  }
  const header = headers[(options.page ?? 1) - 1];
  if (!header)
    throw unsupported(
      `it has no image ${options.page}: the last one is ${pages}`,
      'Use page with another number.',
      'page',
    );

  const { width, height, channels, highest, comment } = header;
  const depth = depthFor(highest, channels);
  checkSize(width, height, (channels * depth) / 8, options.maxPixels);
  const samples = header.kind <= 3 ? readPlain(input, header, depth) : readBinary(input, header, depth);
  if (header.kind === 1 || header.kind === 4) for (let i = 0; i < samples.length; i++) samples[i]! ^= 1; // 1 is black
  const excess = samples.find((sample) => sample > highest);
  if (excess !== undefined) throw damaged(`it has a sample of ${excess}, more than its maximum of ${highest}`);
  scaleUp(samples, highest, depth);

  const text = comment === '' ? [] : chunksOf({ comment: latin1Bytes(comment) });
  const metadata = { ...NO_METADATA, beforeImage: [...highestChunks(highest, channels, depth), ...text] };
  const raster = { width, height, channels, depth, indexed: false, samples };
  return { raster, metadata, source: plainSource('PNM', { pages }) };
}

/**
 * Reads the headers of all images: binary images may follow one another, a plain image must be the only one.
 * @throws PixrnnError 'input-unreadable', 'input-unsupported'
 */
export function readPnmHeaders(input: Uint8Array): PnmHeader[] {
  const headers: PnmHeader[] = [];
  let offset = 0;
  do {
    const header = readHeader(input, offset);
    headers.push(header);
    if (header.kind <= 3) return headers;
    offset = header.start + binaryBytes(header);
    if (offset > input.length) {
      const missing = offset - input.length;
      throw unreadable(`the PNM file is cut off: ${countedWith(missing, 'byte', 'are missing')}`);
    }
  } while (input[offset] === 0x50 && headers.length < 65536);
  if (offset < input.length) throw damaged(`${countedWith(input.length - offset, 'byte', 'follow')} the image`);
  return headers;
}

function readHeader(input: Uint8Array, offset: number): PnmHeader {
  const kind = input[offset + 1]! - 0x30;
  if (input[offset] !== 0x50 || !(kind >= 1 && kind <= 7)) throw damaged(`no image begins at byte ${offset}`);
  if (kind === 7) return readPamHeader(input, offset);
  const words = new Words(input, offset + 2);
  const [width, height] = [words.number('width'), words.number('height')];
  const highest = kind === 1 || kind === 4 ? 1 : words.number('maximum sample value');
  const start = words.offset + 1; // one whitespace character
  const channels = kind === 3 || kind === 6 ? 3 : 1;
  return checkHeader({ kind, width, height, channels, highest, comment: words.comments.join('\n'), start });
}

function readPamHeader(input: Uint8Array, offset: number): PnmHeader {
  const fields = new Map<string, string>();
  const comments: string[] = [];
  let at = offset;
  for (let line = ''; line !== 'ENDHDR';) {
    const end = input.indexOf(0x0a, at);
    if (end < 0 || end - at > 65536) throw damaged('its header does not end');
    line = latin1Text(input.subarray(at, end)).trim();
    at = end + 1;
    const [, name = '', value = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
    if (name.startsWith('#')) comments.push(line.slice(1).trim());
    else if (name !== '') fields.set(name, fields.has(name) ? `${fields.get(name)} ${value}` : value);
  }
  const number = (name: string): number => {
    const value = fields.get(name) ?? '';
    if (!/^\d{1,10}$/.test(value)) throw damaged(`its header has no number for ${name}`);
    return Number(value);
  };
  const depth = number('DEPTH');
  const type = fields.get('TUPLTYPE') ?? ['GRAYSCALE', 'GRAYSCALE_ALPHA', 'RGB', 'RGB_ALPHA'][depth - 1] ?? '';
  const channels = TUPLE_TYPES.get(type);
  if (channels === undefined || channels !== depth) {
    const kinds = [...TUPLE_TYPES.keys()].join(', ');
    throw unsupported(
      `PAM files with ${depth} channels and tuple type "${type}" are not supported`,
      `Supported types: ${kinds}.`,
    );
  }
  const size = { width: number('WIDTH'), height: number('HEIGHT') };
  return checkHeader({
    kind: 7,
    ...size,
    channels,
    highest: number('MAXVAL'),
    comment: comments.join('\n'),
    start: at,
  });
}

function checkHeader(header: PnmHeader): PnmHeader {
  const { width, height, highest } = header;
  const isSide = (n: number): boolean => n >= 1 && n < 2 ** 31;
  if (!isSide(width) || !isSide(height)) throw damaged(`its header gives a size of ${width} x ${height} pixels`);
  if (highest < 1 || highest > 65535) throw damaged(`its header gives a maximum sample value of ${highest}`);
  return { ...header, comment: header.comment.replaceAll('\0', '') };
}

/** Returns the size in bytes of a binary image's samples. */
function binaryBytes({ kind, width, height, channels, highest }: PnmHeader): number {
  if (kind === 4) return Math.ceil(width / 8) * height;
  return width * height * channels * (highest > 255 ? 2 : 1);
}

function readBinary(input: Uint8Array, header: PnmHeader, depth: Depth): Samples {
  const { kind, width, height, channels, highest, start } = header;
  const stored = kind === 4 ? 1 : highest > 255 ? 16 : 8;
  const count = width * channels;
  const samples = allocateSamples(count * height, depth);
  for (let y = 0; y < height; y++) {
    unpackSamples(input, start + y * packedLength(count, stored), stored, samples.subarray(y * count, (y + 1) * count));
  }
  return samples;
}

function readPlain(input: Uint8Array, { kind, width, height, channels, start }: PnmHeader, depth: Depth): Samples {
  const count = width * height * channels;
  if (count > input.length - start) throw unreadable('the PNM file is cut off: samples are missing');
  const samples = allocateSamples(count, depth);
  const words = new Words(input, start);
  for (let i = 0; i < count; i++) samples[i] = kind === 1 ? words.bit() : words.number('sample', 2 ** depth - 1);
  words.skipSpace();
  if (words.offset < input.length)
    throw damaged(`${countedWith(input.length - words.offset, 'byte', 'follow')} the image`);
  return samples;
}

/** Parser of a header or of plain samples: words separated by white space and comments. */
class Words {
  readonly comments: string[] = [];

  constructor(
    private readonly input: Uint8Array,
    public offset: number,
  ) {}

  skipSpace(): void {
    for (; this.offset < this.input.length; this.offset++) {
      const byte = this.input[this.offset]!;
      if (byte === 0x23) this.skipComment();
      else if (!(byte === 0x20 || (byte >= 0x09 && byte <= 0x0d))) return;
    }
  }

  /** Skips to the end of the line. */
  private skipComment(): void {
    const start = this.offset + 1;
    while (this.offset + 1 < this.input.length && ![0x0a, 0x0d].includes(this.input[this.offset + 1]!)) this.offset++;
    this.comments.push(latin1Text(this.input.subarray(start, this.offset + 1)).trim());
  }

  /** Reads a decimal number up to `max`; the default is the largest side. */
  number(what: string, max = 2 ** 31): number {
    this.skipSpace();
    const start = this.offset;
    let value = 0;
    for (let digit = this.digit(); digit >= 0 && value <= max; digit = this.digit()) {
      value = value * 10 + digit;
      this.offset++;
    }
    if (this.offset === start) throw damaged(`its ${what} is not a number`);
    if (value > max) throw damaged(`its ${what} is too large`);
    return value;
  }

  /** Reads a digit 0 or 1, optionally preceded by white space. */
  bit(): number {
    this.skipSpace();
    const digit = this.digit();
    if (digit !== 0 && digit !== 1) throw damaged('a sample is neither 0 nor 1');
    this.offset++;
    return digit;
  }

  /** Returns the digit at the current position, or -1. */
  private digit(): number {
    const digit = (this.input[this.offset] ?? 0) - 0x30;
    return digit >= 0 && digit <= 9 ? digit : -1;
  }
}

function damaged(what: string): Error {
  return unreadable(`the PNM file is damaged: ${what}`);
}
