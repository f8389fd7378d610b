import { viewOf } from '../bytes.js';
import { type DecodingTable, LOOKUP_BITS } from './huffman-decoding.js';
import { MAX_CODE_BITS } from './huffman-spec.js';

/** Thrown where entropy-coded data ends early or is invalid. The data before it is usable. */
export class ScanDamage extends Error {
  override readonly name = 'ScanDamage';
}

/** More bytes than a block can occupy (64 codes of 16 bits with 15 further bits), so that no block reads out of bounds. */
const MARGIN_BYTES = 320;

/** Reads the bits of entropy-coded segments, most significant first. */
export class BitReader {
  /** The loaded segment without stuffed zero bytes, followed by zeros. */
  private readonly data: Uint8Array;
  private readonly view: DataView;
  /** Number of loaded bytes. */
  private length = 0;
  /** Bits read so far. */
  position = 0;

  /** @param capacity maximum length of a segment in bytes */
  constructor(capacity: number) {
    this.data = new Uint8Array(capacity + MARGIN_BYTES);
    this.view = viewOf(this.data);
  }

  /** Starts to read `bytes` from `start` to `end`, where each 0xFF is followed by a stuffed zero. */
  load(bytes: Uint8Array, start: number, end: number): void {
    const { data } = this;
    let length = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      data[length++] = byte;
      if (byte === 0xff) at++;
    }
    data.fill(0, length, length + MARGIN_BYTES);
    this.length = length;
    this.position = 0;
  }

  /** Throws ScanDamage if bits after the end were read. Call it at least once per block. */
  check(): void {
    if (this.position > this.length * 8) throw new ScanDamage('the data ends too early');
  }

  /** Number of loaded bytes that contain bits before `position`. */
  bytesBefore(position: number): number {
    return (position + 7) >>> 3;
  }

  /** Returns whether all loaded bytes contain bits before `position`. */
  isLastByte(position: number): boolean {
    return this.bytesBefore(position) === this.length;
  }

  /** Returns the bits from `position` to the end of its byte, 0 to 7 of them, as a number. */
  paddingAt(position: number): number {
    return position % 8 === 0 ? 0 : this.data[position >>> 3]! & (0xff >> (position % 8));
  }

  /** Reads `count` bits, 0..16. */
  bits(count: number): number {
    if (count === 0) return 0;
    const window = this.window();
    this.position += count;
    return window >>> (32 - count);
  }

  /** Reads a number of `size` bits, 0..15, as ITU-T T.81 codes it (F.2.2.1, EXTEND). */
  signed(size: number): number {
    if (size === 0) return 0;
    const window = this.window();
    this.position += size;
    const value = window >>> (32 - size);
    return window < 0 ? value : value - (1 << size) + 1;
  }

  /** Reads a symbol. Throws ScanDamage for a code that the table lacks. */
  symbol(table: DecodingTable): number {
    const window = this.window();
    const entry = table.lookup[window >>> (32 - LOOKUP_BITS)]!;
    const symbol = entry === 0 ? this.longSymbol(table, window) : entry & 0xff;
    this.position += entry >> 8;
    table.frequencies[symbol]!++;
    return symbol;
  }

  private longSymbol(table: DecodingTable, window: number): number {
    for (let length = LOOKUP_BITS + 1; length <= MAX_CODE_BITS; length++) {
      const symbol = table.symbolOf(window >>> (32 - length), length);
      if (symbol < 0) continue;
      this.position += length;
      return symbol;
    }
    throw new ScanDamage('the data contains a code that its Huffman table lacks');
  }

  /** Returns at least the next 25 bits, at the top of a signed integer of 32 bits. */
  private window(): number {
    return this.view.getInt32(this.position >>> 3) << (this.position & 7);
  }
}
