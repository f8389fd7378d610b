import { concatBytes } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import { decodeVarint, encodeVarint } from '../varint.js';

/** Writes the fields of a recipe. */
export class FieldWriter {
  private readonly parts: Uint8Array[] = [];

  number(value: number): this {
    this.parts.push(Uint8Array.from(encodeVarint(value)));
    return this;
  }

  /** Writes bytes whose number the reader knows. */
  bytes(bytes: Uint8Array): this {
    this.parts.push(bytes);
    return this;
  }

  /** Writes the number of bytes and the bytes. */
  block(bytes: Uint8Array): this {
    return this.number(bytes.length).bytes(bytes);
  }

  finish(): Uint8Array {
    return concatBytes(this.parts);
  }
}

/** Reads the fields of a recipe; throws PixrnnError 'file-corrupt' at its end. */
export class FieldReader {
  private offset = 0;

  constructor(private readonly all: Uint8Array) {}

  get remaining(): number {
    return this.all.length - this.offset;
  }

  /** @param max the largest valid value */
  number(max: number): number {
    const value = decodeVarint(() => this.bytes(1)[0]!);
    if (value === null || value > max) throw malformedRecipe();
    return value;
  }

  /** Returns a view of the next bytes. */
  bytes(length: number): Uint8Array {
    if (length > this.remaining) throw malformedRecipe();
    this.offset += length;
    return this.all.subarray(this.offset - length, this.offset);
  }

  block(): Uint8Array {
    return this.bytes(this.number(this.remaining));
  }
}

/** The error for a recipe that no encoder writes. */
export function malformedRecipe(cause?: unknown): PixrnnError {
  const what = 'the recipe for the source file is malformed';
  return new PixrnnError('file-corrupt', `the .prnn file is damaged: ${what}. Get the file again.`, { cause });
}
