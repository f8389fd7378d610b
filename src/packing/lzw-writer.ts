/** Writes codes of up to 12 bits into a growing array. */
export class CodeWriter {
  private bytes = new Uint8Array(1024);
  /** Complete bytes. */
  private length = 0;
  private pending = 0;
  private pendingBits = 0;

  constructor(private readonly lsbFirst: boolean) {}

  /** Number of bytes, including an incomplete last one. */
  get byteLength(): number {
    return this.length + (this.pendingBits > 0 ? 1 : 0);
  }

  put(code: number, bits: number): void {
    this.pending = this.lsbFirst ? this.pending | (code << this.pendingBits) : (this.pending << bits) | code;
    this.pendingBits += bits;
    while (this.pendingBits >= 8) {
      this.pendingBits -= 8;
      this.append(this.lsbFirst ? this.pending & 0xff : this.pending >> this.pendingBits);
      this.pending = this.lsbFirst ? this.pending >> 8 : this.pending & ((1 << this.pendingBits) - 1);
    }
  }

  /** Returns the complete bytes. */
  complete(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** Pads the last byte with zero bits and returns all bytes. */
  finish(): Uint8Array {
    if (this.pendingBits > 0) this.put(0, 8 - this.pendingBits);
    return this.complete();
  }

  private append(byte: number): void {
    if (this.length === this.bytes.length) {
      const larger = new Uint8Array(this.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.length++] = byte;
  }
}
