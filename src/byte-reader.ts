import { PixrnnError } from './errors.js';
import { CHECK_BYTES, checksum } from './crc32.js';
import { decodeVarint } from './varint.js';

const ADVICE = 'Get the file again.';

/** Sequential reader of a .prnn file. It never reads past the end and returns views, not copies. */
export class ByteReader {
  readonly bytes: Uint8Array;
  offset = 0;
  private part = 'the file';
  private partStart = 0;
  /** True if the bytes are one complete part rather than a file: an early end then means corruption, not truncation. */
  private nested = false;

  constructor(bytes: Uint8Array) {
    // Make it a plain Uint8Array: the methods of Buffer differ.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Returns a reader of a whole part, whose errors name the part. */
  static ofPart(bytes: Uint8Array, part: string): ByteReader {
    const reader = new ByteReader(bytes);
    reader.part = part;
    reader.nested = true;
    return reader;
  }

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  /** Returns the next byte without consuming it; undefined at the end of the file. */
  peek(): number | undefined {
    return this.bytes[this.offset];
  }

  /** Starts a part: errors name it, and its checksum covers the bytes from this offset. */
  begin(part: string): void {
    this.part = part;
    this.partStart = this.offset;
  }

  /** Renames the part: errors name what follows, and its checksum still covers the bytes before. */
  continue(part: string): void {
    this.part = part;
  }

  /** Returns a reader of the bytes of a part that was already read; its errors name that part. */
  within(bytes: Uint8Array): ByteReader {
    return ByteReader.ofPart(bytes, this.part);
  }

  /** Throws 'file-truncated' unless at least `length` more bytes follow. */
  need(length: number): void {
    if (length <= this.remaining) return;
    if (this.nested) throw this.corruptPart('is malformed');
    const missing = `byte ${this.bytes.length}, within ${this.part}, which needs ${length - this.remaining} more`;
    throw new PixrnnError('file-truncated', `the .prnn file is cut off: it ends at ${missing}. ${ADVICE}`);
  }

  take(length: number): Uint8Array {
    this.need(length);
    this.offset += length;
    return this.bytes.subarray(this.offset - length, this.offset);
  }

  /** Reads an unsigned big-endian integer of 1 to 4 bytes. */
  uint(bytes: number): number {
    return this.take(bytes).reduce((value, byte) => value * 256 + byte, 0);
  }

  varint(): number {
    const value = decodeVarint(() => this.uint(1));
    if (value === null) throw this.corruptPart('contains a number that is not in its shortest form');
    return value;
  }

  /** Ends the part: reads its checksum of `size` bytes and throws 'file-corrupt' if it does not match. */
  verifyCheck(size = CHECK_BYTES): void {
    if (!this.matchesCheck(size)) throw this.corruptPart('does not match its checksum');
  }

  /** Ends the part: reads its checksum of `size` bytes and returns whether it matches. */
  matchesCheck(size = CHECK_BYTES): boolean {
    const expected = checksum(size, this.bytes.subarray(this.partStart, this.offset));
    return this.uint(size) === expected;
  }

  /** Returns the error for a fault in the current part; `fault` is the predicate of the sentence. */
  corruptPart(fault: string): PixrnnError {
    return new PixrnnError('file-corrupt', `the .prnn file is damaged: ${this.part} ${fault}. ${ADVICE}`);
  }
}
