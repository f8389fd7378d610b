const FIRST_CAPACITY = 256;

/** Collects bytes in one growing buffer: many small pieces need no object each. */
export class ByteSink {
  private data = new Uint8Array(FIRST_CAPACITY);
  private length = 0;

  append(bytes: Uint8Array): void {
    const end = this.length + bytes.length;
    if (end > this.data.length) {
      const larger = new Uint8Array(2 * end);
      larger.set(this.data.subarray(0, this.length));
      this.data = larger;
    }
    this.data.set(bytes, this.length);
    this.length = end;
  }

  /** Returns a copy of all bytes. */
  bytes(): Uint8Array {
    return this.data.slice(0, this.length);
  }
}
