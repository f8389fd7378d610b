import { corruptRecord } from './faults.js';
import type { EncodingTable } from './huffman-encoding.js';
import { MAX_JPEG_BYTES } from './parsed-jpeg.js';

const FIRST_CAPACITY = 2 ** 12;
/** More bytes than the codes of a block can need, with a stuffed zero after each. */
const BLOCK_BYTES = 1024;

/** Bits that are collected before they are written. */
const WORD_BITS = 32;
/** Maximum number of bits in one call. */
const MAX_BITS = 31;

/** Writes the bits of entropy-coded segments, most significant first, with a zero byte stuffed after each 0xFF. */
export class BitWriter {
  private data = new Uint8Array(FIRST_CAPACITY);
  private length = 0;
  /** The last bits, not yet written, from the most significant one down; `free` bits below them are 0. */
  private word = 0;
  private free = WORD_BITS;

  /** Makes room for the codes of a block. Call it before each block, and before each 4,096 single bits. */
  reserve(): void {
    this.grow(BLOCK_BYTES);
  }

  /** Appends the low `count` bits of `value`, 0..31 of them. */
  bits(value: number, count: number): void {
    this.append(value & ((1 << count) - 1), count);
  }

  /**
   * Appends the code of a symbol.
   * @throws PixrnnError 'file-corrupt' if the table has none
   */
  symbol(table: EncodingTable, symbol: number): void {
    const code = table.codes[symbol]!;
    if (code === 0) throw corruptRecord('lacks a Huffman code');
    table.frequencies[symbol]!++;
    this.append(code >>> 5, code & 31);
  }

  /**
   * Appends the code of a symbol and a number of `size` bits, 0..16, as ITU-T T.81 codes it (F.1.2.1).
   * @throws PixrnnError 'file-corrupt' if the table has no code
   */
  coefficient(table: EncodingTable, symbol: number, value: number, size: number): void {
    const code = table.codes[symbol]!;
    if (code === 0) throw corruptRecord('lacks a Huffman code');
    table.frequencies[symbol]!++;
    const bits = (value < 0 ? value - 1 : value) & ((1 << size) - 1);
    const length = code & 31;
    if (length + size <= MAX_BITS) return this.append(((code >>> 5) << size) | bits, length + size);
    this.append(code >>> 5, length);
    this.append(bits, size);
  }

  /** Fills the last byte with bits, from `padding` if it is given, else all ones or all zeros. */
  pad(padding: number | undefined, zeroPadding: boolean): void {
    this.grow(BLOCK_BYTES);
    this.bits(padding ?? (zeroPadding ? 0 : 0xff), this.free & 7);
    this.writeBytes(WORD_BITS - this.free);
    this.word = 0;
    this.free = WORD_BITS;
  }

  /** Appends bytes as they are. Only after `pad`. */
  literal(bytes: Uint8Array): void {
    this.grow(bytes.length);
    this.data.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Returns a copy of all bytes and starts again. */
  take(): Uint8Array {
    const bytes = this.data.slice(0, this.length);
    this.length = 0;
    return bytes;
  }

  /** Appends `count` bits, 0..31; the bits of `value` above them are 0. */
  private append(value: number, count: number): void {
    this.free -= count;
    if (this.free >= 0) {
      this.word |= value << this.free;
      return;
    }
    this.word |= value >>> -this.free;
    this.writeWord();
    this.free += WORD_BITS;
    this.word = value << this.free;
  }

  private writeWord(): void {
    const { data, word, length } = this;
    if ((((~word - 0x01010101) & word & 0x80808080) | 0) !== 0) return this.writeBytes(WORD_BITS); // contains 0xFF
    data[length] = word >>> 24;
    data[length + 1] = word >>> 16;
    data[length + 2] = word >>> 8;
    data[length + 3] = word;
    this.length = length + 4;
  }

  /** Writes the first `bits` bits of the word, whole bytes, and stuffed zeros. */
  private writeBytes(bits: number): void {
    for (let shift = 24; shift >= WORD_BITS - bits; shift -= 8) {
      const byte = (this.word >>> shift) & 0xff;
      this.data[this.length++] = byte;
      if (byte === 0xff) this.data[this.length++] = 0;
    }
  }

  private grow(bytes: number): void {
    if (this.length + bytes <= this.data.length) return;
    if (this.length + bytes > MAX_JPEG_BYTES) throw corruptRecord('makes a file that is too long');
    const data = new Uint8Array(2 * (this.length + bytes));
    data.set(this.data.subarray(0, this.length));
    this.data = data;
  }
}

/** Returns the number of bits that the magnitude of a number has, 0..16 (its category, SSSS). */
export function sizeOf(magnitude: number): number {
  return 32 - Math.clz32(magnitude);
}
