import { PixrnnError } from '../errors.js';
import { CHECK_BYTES, check16 } from './check.js';
import { decodeVarint } from './varint.js';

const ADVICE = 'Get the file again.';

/** Reads a .prnn file part by part; never reads past its end and copies nothing: what it returns are views. */
export class ByteReader {
  readonly bytes: Uint8Array;
  offset = 0;
  private part = 'the file';
  private partStart = 0;
  /** Whether these are not the bytes of a file but of one part, which is whole: an end too early is then a fault in it. */
  private nested = false;

  constructor(bytes: Uint8Array) {
    // A plain Uint8Array even where the caller has a Buffer, whose methods differ.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  /** The next byte without taking it; undefined at the end of the file. */
  peek(): number | undefined {
    return this.bytes[this.offset];
  }

  /** Starts a part: errors name it, and its check covers the bytes from here on. */
  begin(part: string): void {
    this.part = part;
    this.partStart = this.offset;
  }

  /** Reads the bytes of a part that has been taken; errors name the part. */
  within(bytes: Uint8Array): ByteReader {
    const reader = new ByteReader(bytes);
    reader.part = this.part;
    reader.nested = true;
    return reader;
  }

  /** Throws 'file-truncated' unless `length` more bytes are there. */
  need(length: number): void {
    if (length <= this.remaining) return;
    if (this.nested) throw this.corruptPart('is not well formed');
    const missing = `byte ${this.bytes.length}, within ${this.part}, which needs ${length - this.remaining} more`;
    throw new PixrnnError('file-truncated', `the .prnn file is cut off: it ends at ${missing}. ${ADVICE}`);
  }

  take(length: number): Uint8Array {
    this.need(length);
    this.offset += length;
    return this.bytes.subarray(this.offset - length, this.offset);
  }

  /** An unsigned big-endian integer of 1 to 4 bytes. */
  uint(bytes: number): number {
    return this.take(bytes).reduce((value, byte) => value * 256 + byte, 0);
  }

  varint(): number {
    const value = decodeVarint(() => this.uint(1));
    if (value === null) throw this.corruptPart('contains a number that is not in its shortest form');
    return value;
  }

  /** Ends the part: reads its check and throws 'file-corrupt' unless it matches. */
  verifyCheck(): void {
    const expected = check16(this.bytes.subarray(this.partStart, this.offset));
    if (this.uint(CHECK_BYTES) !== expected) throw this.corruptPart('does not match its check');
  }

  /** The error for a fault of the current part; `fault` goes on after its name. */
  corruptPart(fault: string): PixrnnError {
    return new PixrnnError('file-corrupt', `the .prnn file is damaged: ${this.part} ${fault}. ${ADVICE}`);
  }
}
