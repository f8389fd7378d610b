/** Reads the fields of a mutated header: those after its end are 0. */
export class LenientReader {
  private at = 0;

  constructor(private readonly source: Uint8Array) {}

  byte(): number {
    return this.source[this.at++] ?? 0;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.byte());
  }

  /** At most five bytes, in any form. */
  varint(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 28; scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    return value;
  }
}
