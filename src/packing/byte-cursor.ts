import { decodeVarint } from '../varint.js';

/** Reads a description; after its end `failed` is set, and zeros are read. */
export class ByteCursor {
  failed = false;
  private offset = 0;

  constructor(private readonly bytes: Uint8Array) {}

  byte(): number {
    const value = this.bytes[this.offset++];
    if (value === undefined) this.failed = true;
    return value ?? 0;
  }

  /** Reads two bytes, big endian. */
  word(): number {
    return this.byte() * 256 + this.byte();
  }

  varint(): number {
    const value = decodeVarint(() => this.byte());
    if (value === null) this.failed = true;
    return value ?? 0;
  }

  take(length: number): Uint8Array {
    if (length > this.bytes.length - this.offset) this.failed = true;
    const part = this.bytes.subarray(this.offset, this.offset + length);
    this.offset += part.length;
    return part;
  }

  rest(): Uint8Array {
    return this.take(Math.max(0, this.bytes.length - this.offset));
  }
}
