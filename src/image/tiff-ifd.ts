import { concatBytes, latin1Bytes, viewOf } from '../bytes.js';
import { counted } from '../counted.js';
import { unreadable } from './refusals.js';

/** A field of a TIFF directory; its bytes are little-endian in memory, whatever the file's byte order. */
export interface TiffField {
  readonly tag: number;
  /** 1 BYTE to 13 IFD, 16 LONG8 to 18 IFD8 of BigTIFF. */
  readonly type: number;
  readonly count: number;
  readonly bytes: Uint8Array;
  /** Offset of its bytes in the source file. */
  readonly at?: number;
}

/** A directory (IFD) of a TIFF structure, which EXIF uses too. */
export class TiffDirectory {
  /** Directories that fields of this one point to (EXIF, GPS), by tag. */
  readonly children = new Map<number, TiffDirectory>();

  constructor(readonly fields: Map<number, TiffField> = new Map()) {}

  /** Returns the numbers of a field, or `absent`, the default of the TIFF specification, for a missing field. */
  numbers(tag: number, absent: readonly number[]): readonly number[] {
    const field = this.fields.get(tag);
    return field ? numbersOf(field) : absent;
  }

  /** Returns the first number of a field, or `absent`. */
  number(tag: number, absent: number): number {
    return this.numbers(tag, [absent])[0] ?? absent;
  }

  bytes(tag: number): Uint8Array | undefined {
    return this.fields.get(tag)?.bytes;
  }

  set(tag: number, type: number, values: readonly number[]): void {
    this.fields.set(tag, numberField(tag, type, values));
  }
}

/** Size of a value of each type in bytes; a RATIONAL is two numbers. */
const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

/** Number of bytes to reverse together when converting the byte order. */
const UNITS = [0, 1, 1, 2, 4, 4, 1, 1, 2, 4, 4, 4, 8, 4, 0, 0, 8, 8, 8];

/** Fields that point to EXIF and GPS directories. */
const EXIF_IFD = 34665;
const CHILDREN = [EXIF_IFD, 34853, 40965];

const MAX_DIRECTORIES = 10_000;

/**
 * Reads the directories of a TIFF file, or of EXIF, in chain order, with their EXIF and GPS subdirectories.
 * @throws PixrnnError 'input-unreadable'
 */
export function readTiff(bytes: Uint8Array): TiffDirectory[] {
  const reader = new TiffReader(bytes);
  const directories: TiffDirectory[] = [];
  for (let offset = reader.first(); offset !== 0;) {
    const { directory, next } = reader.directory(offset);
    directories.push(directory);
    offset = next;
  }
  return directories;
}

class TiffReader {
  private readonly view: DataView;
  private readonly little: boolean;
  private readonly big: boolean;
  private readonly seen = new Set<number>();

  constructor(private readonly data: Uint8Array) {
    if (data.length < 8) throw cutOff(data);
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.little = data[0] === 0x49;
    this.big = this.view.getUint16(2, this.little) === 43;
  }

  first(): number {
    return this.big ? this.offsetAt(8) : this.offsetAt(4);
  }

  directory(offset: number): { directory: TiffDirectory; next: number } {
    if (this.seen.has(offset) || this.seen.size >= MAX_DIRECTORIES)
      throw damaged('its chain of directories does not end');
    this.seen.add(offset);
    const [headBytes, entryBytes] = this.big ? [8, 20] : [2, 12];
    this.need(offset, headBytes);
    const count = this.big ? this.offsetAt(offset) : this.view.getUint16(offset, this.little);
    const end = offset + headBytes + count * entryBytes;
    this.need(end, this.big ? 8 : 4);
    const directory = new TiffDirectory();
    for (let at = offset + headBytes; at < end; at += entryBytes) {
      const field = this.field(at);
      if (field) directory.fields.set(field.tag, field);
    }
    for (const tag of CHILDREN) {
      const child = directory.number(tag, 0);
      if (child !== 0) directory.children.set(tag, this.directory(child).directory);
    }
    return { directory, next: this.offsetAt(end) };
  }

  /** Returns null for an unknown type. */
  private field(at: number): TiffField | null {
    const tag = this.view.getUint16(at, this.little);
    const type = this.view.getUint16(at + 2, this.little);
    const count = this.big ? this.offsetAt(at + 4) : this.view.getUint32(at + 4, this.little);
    const size = SIZES[type] ?? 0;
    if (size === 0) return null;
    const inline = this.big ? 8 : 4;
    const value = at + (this.big ? 12 : 8);
    const length = count * size;
    const start = length <= inline ? value : this.offsetAt(value);
    this.need(start, length);
    const bytes = Uint8Array.from(this.data.subarray(start, start + length));
    if (!this.little) reverseUnits(bytes, UNITS[type]!);
    return { tag, type, count, bytes, at: start };
  }

  private offsetAt(at: number): number {
    this.need(at, this.big ? 8 : 4);
    return this.big ? Number(this.view.getBigUint64(at, this.little)) : this.view.getUint32(at, this.little);
  }

  private need(offset: number, bytes: number): void {
    if (offset + bytes > this.data.length) throw cutOff(this.data);
  }
}

/** Reverses each unit of `unit` bytes in place. */
export function reverseUnits(bytes: Uint8Array, unit: number): void {
  if (unit === 1) return;
  for (let first = 0; first < bytes.length; first += unit) {
    for (let low = first, high = first + unit - 1; low < high; low++, high--) {
      const byte = bytes[low]!;
      bytes[low] = bytes[high]!;
      bytes[high] = byte;
    }
  }
}

/** Returns the values of integers and rationals; nothing for other types. */
function numbersOf({ type, count, bytes }: TiffField): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = SIZES[type]!;
  return Array.from({ length: count }, (_, i) => {
    const at = i * size;
    switch (type) {
      case 1:
        return view.getUint8(at);
      case 3:
        return view.getUint16(at, true);
      case 4:
      case 13:
        return view.getUint32(at, true);
      case 5:
        return view.getUint32(at, true) / view.getUint32(at + 4, true);
      case 16:
      case 18:
        return Number(view.getBigUint64(at, true));
      default:
        return NaN;
    }
  });
}

function numberField(tag: number, type: number, values: readonly number[]): TiffField {
  const bytes = new Uint8Array(values.length * SIZES[type]!);
  const view = viewOf(bytes);
  values.forEach((value, i) => {
    if (type === 3) view.setUint16(i * 2, value, true);
    else if (type === 4) view.setUint32(i * 4, value, true);
    else {
      view.setUint32(i * 8, value, true); // a rational with denominator 1
      view.setUint32(i * 8 + 4, 1, true);
    }
  });
  return { tag, type, count: values.length, bytes };
}

/** Writes a little-endian TIFF structure with one directory. `data` comes first, at the offsets of `dataOffsets`. */
export function writeTiff(directory: TiffDirectory, data: readonly Uint8Array[] = []): Uint8Array {
  const head = latin1Bytes('II*\0\0\0\0\0');
  const parts: Uint8Array[] = [head];
  let offset = 8;
  const append = (bytes: Uint8Array): number => {
    const at = offset;
    const padding = bytes.length % 2;
    parts.push(bytes, new Uint8Array(padding));
    offset += bytes.length + padding;
    return at;
  };
  for (const part of data) append(part);
  const start = appendDirectory(directory, append);
  viewOf(head).setUint32(4, start, true);
  return concatBytes(parts);
}

/** Returns the offsets of the parts of `data` in the output of `writeTiff`. */
export function dataOffsets(data: readonly Uint8Array[]): number[] {
  let offset = 8;
  return data.map(({ length }) => {
    const at = offset;
    offset += length + (length % 2);
    return at;
  });
}

function appendDirectory(directory: TiffDirectory, append: (bytes: Uint8Array) => number): number {
  const fields = new Map(directory.fields);
  for (const [tag, child] of directory.children) fields.set(tag, numberField(tag, 4, [appendDirectory(child, append)]));
  const sorted = [...fields.values()].sort((a, b) => a.tag - b.tag);
  const bytes = new Uint8Array(2 + sorted.length * 12 + 4);
  const view = viewOf(bytes);
  view.setUint16(0, sorted.length, true);
  sorted.forEach((field, i) => {
    const at = 2 + i * 12;
    view.setUint16(at, field.tag, true);
    view.setUint16(at + 2, field.type, true);
    view.setUint32(at + 4, field.count, true);
    if (field.bytes.length <= 4) bytes.set(field.bytes, at + 8);
    else view.setUint32(at + 8, append(field.bytes), true);
  });
  return append(bytes);
}

function cutOff(data: Uint8Array): Error {
  return unreadable(`the TIFF file is cut off after ${counted(data.length, 'byte')}`);
}

function damaged(what: string): Error {
  return unreadable(`the TIFF file is damaged: ${what}`);
}
